/** The status line and header fields of a response. */
export class ResponseHead {
  readonly status: number
  readonly #text: string

  constructor(text: string) {
    this.status = Number(text.slice(9, 12))
    this.#text = text
  }

  /** The value of a field, by its lower-case name. */
  field(name: string): string | undefined {
    return fieldPattern(name).exec(this.#text)?.[1]?.trim()
  }
}

const patterns = new Map<string, RegExp>()

function fieldPattern(name: string): RegExp {
  const pattern = patterns.get(name) ?? new RegExp(`\\r\\n${name}:([^\\r]*)`, 'i')
  patterns.set(name, pattern)
  return pattern
}

/** Receives a response as it arrives. `piece` is a part of the body, only valid during the call. */
type ResponseHandler = { head(head: ResponseHead): void; piece(bytes: Buffer): void; end(): void }

const headEnd = Buffer.from('\r\n\r\n')
const lineEnd = Buffer.from('\r\n')

/** How much of the body is still to come: bytes, chunks, or everything until the connection closes. */
type Body = { rest: number } | { chunkRest: number | undefined } | 'until-closed'

/** Parses the responses of one connection (RFC 9112) from its bytes, however they are split. */
export class ResponseReader {
  readonly #hearing: ResponseHandler
  #unread: Buffer | undefined
  #body: Body | undefined

  constructor(hearing: ResponseHandler) {
    this.#hearing = hearing
  }

  read(bytes: Buffer): void {
    let rest = this.#unread ? Buffer.concat([this.#unread, bytes]) : bytes
    this.#unread = undefined
    while (rest.length > 0) {
      const taken = this.#body ? this.#readBody(this.#body, rest) : this.#readHead(rest)
      if (taken === 0) {
        // Copied, because the caller reuses its buffer.
        this.#unread = Buffer.from(rest)
        return
      }
      rest = rest.subarray(taken)
    }
  }

  /** The connection has closed, which completes a body of that kind. */
  closed(): void {
    if (this.#body === 'until-closed') this.#end()
  }

  #readHead(bytes: Buffer): number {
    const length = bytes.indexOf(headEnd)
    if (length < 0) return 0
    const head = new ResponseHead(bytes.toString('latin1', 0, length))
    this.#body = bodyOf(head)
    this.#hearing.head(head)
    if (typeof this.#body === 'object' && 'rest' in this.#body && this.#body.rest === 0) this.#end()
    return length + headEnd.length
  }

  #readBody(body: Body, bytes: Buffer): number {
    if (body === 'until-closed') {
      this.#hearing.piece(bytes)
      return bytes.length
    }
    if ('chunkRest' in body) return this.#readChunked(body, bytes)
    const size = Math.min(body.rest, bytes.length)
    body.rest -= size
    this.#hearing.piece(bytes.subarray(0, size))
    if (body.rest === 0) this.#end()
    return size
  }

  /**
   * Reads a chunk's size line, some of its bytes, or the line end after them (which counts as two more bytes of it).
   */
  #readChunked(body: { chunkRest: number | undefined }, bytes: Buffer): number {
    if (body.chunkRest !== undefined) {
      const data = Math.min(Math.max(0, body.chunkRest - lineEnd.length), bytes.length)
      const size = Math.min(body.chunkRest, bytes.length)
      body.chunkRest = size === body.chunkRest ? undefined : body.chunkRest - size
      if (data > 0) this.#hearing.piece(bytes.subarray(0, data))
      return size
    }
    const length = bytes.indexOf(lineEnd)
    if (length < 0) return 0
    const size = Number.parseInt(bytes.toString('latin1', 0, length), 16)
    if (size > 0) body.chunkRest = size + lineEnd.length
    else if (bytes.length < length + headEnd.length) return 0
    else {
      this.#end()
      return length + headEnd.length
    }
    return length + lineEnd.length
  }

  #end() {
    this.#body = undefined
    this.#hearing.end()
  }
}

function bodyOf(head: ResponseHead): Body {
  if (head.status === 204 || head.status === 304) return { rest: 0 }
  if (/chunked/i.test(head.field('transfer-encoding') ?? '')) return { chunkRest: undefined }
  const length = head.field('content-length')
  return length === undefined ? 'until-closed' : { rest: Number(length) }
}
