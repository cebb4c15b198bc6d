import type { StreamBye, StreamReady, StreamReset } from '#server/protocol/streams.ts'
import type { ClientEvent } from './client.ts'

/**
 * Parses bytes, and caches the latest few results: all members of a crowd receive the same bytes, and parsing them for
 * each client would cost more than the servers being measured.
 */
export class ParseCache<Said> {
  readonly #read: (bytes: Buffer) => Said
  readonly #kept: { bytes: Buffer; said: Said }[] = []
  readonly #most: number
  #next = 0

  constructor(read: (bytes: Buffer) => Said, most = 8) {
    this.#read = read
    this.#most = most
  }

  /** The parsed value of these bytes, which the caller may reuse. */
  said(bytes: Buffer): Said {
    for (const kept of this.#kept) {
      if (kept.bytes.length === bytes.length && kept.bytes.equals(bytes)) return kept.said
    }
    const own = Buffer.from(bytes)
    const said = this.#read(own)
    this.#kept[this.#next] = { bytes: own, said }
    this.#next = (this.#next + 1) % this.#most
    return said
  }
}

/** A parsed frame of a stream; `id` is the cursor to resume from. */
export type Frame = { id: string | undefined } & (
  | { type: 'heard'; heard: ClientEvent }
  | ({ type: 'ready'; retryMs: number | undefined } & StreamReady)
  | ({ type: 'bye' } & StreamBye)
  | { type: 'beat' }
)

const frameEnd = Buffer.from('\n\n')

/** Parses the frames of one event stream (WHATWG HTML, section 9.2, as far as our server uses it) from its bytes. */
export class FrameReader {
  #unread: Buffer | undefined

  /** The frames completed by these bytes, which the caller may reuse. */
  read(bytes: Buffer): readonly Frame[] {
    const all = this.#unread ? Buffer.concat([this.#unread, bytes]) : bytes
    const end = all.lastIndexOf(frameEnd)
    const length = end < 0 ? 0 : end + frameEnd.length
    this.#unread = length < all.length ? Buffer.from(all.subarray(length)) : undefined
    return length === 0 ? [] : frames.said(all.subarray(0, length))
  }
}

const frames = new ParseCache((bytes) =>
  bytes
    .toString()
    .split('\n\n')
    .filter((text) => text !== '')
    .map(frameOf),
)

function frameOf(text: string): Frame {
  const fields: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon)
    const value = line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    fields[name] = name === 'data' && fields.data !== undefined ? `${fields.data}\n${value}` : value
  }
  const { id, event, data = 'null', retry } = fields
  switch (event) {
    case 'ready':
      return {
        type: event,
        id,
        retryMs: retry === undefined ? undefined : Number(retry),
        ...JSON.parse(data),
      }
    case 'bye':
      return { type: event, id, ...JSON.parse(data) }
    case 'beat':
      return { type: event, id }
    case 'reset':
      return { type: 'heard', id, heard: { type: event, ...(JSON.parse(data) as StreamReset) } }
    default:
      return { type: 'heard', id, heard: { type: 'entry', entry: JSON.parse(data), cursor: id ?? '' } }
  }
}
