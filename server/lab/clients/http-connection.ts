import { connect, type Socket } from 'node:net'
import type { ClientOptions, Usage } from './client.ts'
import { type ResponseHead, ResponseReader } from './response-reader.ts'

/**
 * Receives the responses. `body` is the part of the body that `piece` did not take; the buffers are only valid during
 * the call.
 */
type ConnectionHandler = {
  answered(head: ResponseHead, body: Buffer): void
  /** The connection ended or timed out with a response outstanding. */
  lost(): void
  /** Takes a part of a body as it arrives; false leaves it to `answered`. */
  piece?(head: ResponseHead, bytes: Buffer): boolean
}

/**
 * A client's single HTTP/1.1 connection, on a bare socket: kept alive between requests, one request at a time, and
 * reopened when the next request finds it closed.
 */
export class HttpConnection {
  readonly #going: ClientOptions
  readonly #usage: Usage
  readonly #hearing: ConnectionHandler
  #socket: Socket | undefined
  #isAsking = false
  #silence: NodeJS.Timeout | undefined

  constructor(going: ClientOptions, usage: Usage, hearing: ConnectionHandler) {
    this.#going = going
    this.#usage = usage
    this.#hearing = hearing
  }

  /** Sends a request. It is lost when nothing arrives for `patienceMs`. */
  ask(request: string, patienceMs: number): void {
    this.#isAsking = true
    this.bePatient(patienceMs)
    if (this.#socket) this.#send(this.#socket, request)
    else this.#open(request)
  }

  /** Restarts the silence timeout, in ms. */
  bePatient(ms: number): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => this.#fail(), ms)
  }

  /** Ends the connection at once, without calling the handler. */
  cut(): void {
    clearTimeout(this.#silence)
    this.#isAsking = false
    if (this.#socket) cutSocket(this.#socket)
    this.#socket = undefined
  }

  #open(request: string) {
    let head: ResponseHead | undefined
    const kept: Buffer[] = []
    const reader = new ResponseReader({
      head: (said) => {
        head = said
      },
      piece: (bytes) => {
        if (head && !this.#hearing.piece?.(head, bytes)) kept.push(Buffer.from(bytes))
      },
      end: () => {
        if (head) this.#answered(head, Buffer.concat(kept.splice(0)))
      },
    })
    const socket = openSocket(this.#going, {
      open: () => this.#send(socket, request),
      bytes: (bytes) => {
        this.#silence?.refresh()
        reader.read(bytes)
      },
      lost: () => {
        reader.closed()
        if (this.#socket === socket) this.#fail()
      },
    })
    this.#usage.begin(socket)
    this.#socket = socket
  }

  #send(socket: Socket, request: string) {
    this.#usage.requests += 1
    socket.write(request, 'latin1')
  }

  #answered(head: ResponseHead, body: Buffer) {
    // An unsolicited response is what the server sends before it closes an idle connection.
    if (!this.#isAsking) return this.cut()
    clearTimeout(this.#silence)
    this.#isAsking = false
    if (/close/i.test(head.field('connection') ?? '')) this.cut()
    this.#hearing.answered(head, body)
  }

  #fail() {
    const wasAsking = this.#isAsking
    this.cut()
    if (wasAsking) this.#hearing.lost()
  }
}

/** The text of a request for the stream after a cursor. */
export function streamRequest(
  { port, host = '127.0.0.1', cookie, stream }: ClientOptions,
  after: string | undefined,
  fields: Record<string, string | undefined>,
): string {
  const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`
  let text = `GET /api/streams/${encodeURI(stream)}${query} HTTP/1.1\r\nhost: ${host}:${port}\r\ncookie: ${cookie}\r\n`
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) text += `${name}: ${value}\r\n`
  return `${text}\r\n`
}

/** Socket callbacks: bytes are only valid during the call. `lost` is called once, whatever ended the connection. */
type Hearing = { open(): void; bytes(bytes: Buffer): void; lost(): void }

/** How long a response may take before its connection counts as dead: the lab's slowest network takes 20 s. */
export const answerMs = 25_000

/** Shared by all connections: thousands of buffers would take more memory than the connections. */
const received = Buffer.allocUnsafe(65_536)

/** Opens a bare connection to a client's server. No callbacks after `cutSocket`. */
function openSocket(going: ClientOptions, hearing: Hearing): Socket {
  const socket: Socket = connect({
    ...addressOf(going),
    onread: {
      buffer: received,
      callback: (bytes) => {
        hearing.bytes(received.subarray(0, bytes))
        return !socket.destroyed
      },
    },
  })
  socket.once('connect', () => hearing.open())
  socket.on('error', () => socket.destroy())
  // The other side has closed; we have nothing more to send either.
  socket.once('end', () => socket.destroy())
  socket.once('close', () => hearing.lost())
  return socket
}

/** Ends a connection at once, without callbacks, by a reset, which leaves no port in TIME_WAIT. */
function cutSocket(socket: Socket): void {
  socket.removeAllListeners('close')
  socket.resetAndDestroy()
}

/** Options for `net.connect`. */
export function addressOf({ port, host = '127.0.0.1', localAddress }: ClientOptions) {
  return { port, host, noDelay: true, ...(localAddress !== undefined && { localAddress }) }
}
