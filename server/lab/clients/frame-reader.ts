import type { StreamBye, StreamReady, StreamReset } from '#server/protocol/streams.ts'
import type { ClientEvent } from './client.ts'

/**
 * Reads bytes, and remembers what the last few of them said: the members of a crowd are sent the same, and a client
 * that read it anew each time would cost more than the servers that it measures.
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

  /** What these bytes say; they may be lent. */
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

/** What a stream says; `id` is the cursor to resume from. */
export type Frame = { id: string | undefined } & (
  | { type: 'heard'; heard: ClientEvent }
  | ({ type: 'ready'; retryMs: number | undefined } & StreamReady)
  | ({ type: 'bye' } & StreamBye)
  | { type: 'beat' }
)

const frameEnd = Buffer.from('\n\n')

/** Reads the frames of one event stream (WHATWG HTML, section 9.2, as far as our server goes) from its bytes. */
export class FrameReader {
  #unread: Buffer | undefined

  /** The frames that these bytes complete. They are lent. */
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
