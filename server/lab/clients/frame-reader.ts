import type { StreamBye, StreamReady, StreamReset } from '#server/protocol/protocol.ts'
import type { Heard } from './client.ts'
import { SameAgain } from './same-again.ts'

/** What a stream says; `id` is the cursor to resume from. */
export type Frame = { id: string | undefined } & (
  | { type: 'heard'; heard: Heard }
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

const frames = new SameAgain((bytes) =>
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
