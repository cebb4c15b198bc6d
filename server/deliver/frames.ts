import type { Batch } from '#server/log/feed.ts'
import { formatCursor } from '#server/log/log.ts'
import type { StreamBeat, StreamBye, StreamReady, StreamReset } from '#server/protocol/protocol.ts'

/** The frames of an event stream, as the bytes that go over the wire (WHATWG HTML, section 9.2.5). */

/** SSE2: what a stream begins with. `at` is the position before its first entry. */
export function readyFrame(retryMs: number, at: string, data: StreamReady): Buffer {
  return Buffer.from(`retry: ${Math.round(retryMs)}\n${named('ready', data, at)}`)
}

export function beatFrame(data: StreamBeat): Buffer {
  return Buffer.from(named('beat', data))
}

export function byeFrame(data: StreamBye): Buffer {
  return Buffer.from(named('bye', data))
}

const encoded = new WeakMap<Batch, Buffer>()

/** SSE3: a batch as frames, encoded once for all who follow: every one of their sockets is given the same bytes. */
export function framesOf(batch: Batch): Buffer {
  let frames = encoded.get(batch)
  if (!frames) {
    frames = Buffer.from(batch.type === 'reset' ? resetFrame(batch) : entryFrames(batch))
    encoded.set(batch, frames)
  }
  return frames
}

function resetFrame({ head, reason }: Batch & { type: 'reset' }): string {
  const at = formatCursor(head)
  return named('reset', { head: at, reason } satisfies StreamReset, at)
}

function entryFrames({ entries, next: { epoch } }: Batch & { type: 'entries' }): string {
  let frames = ''
  for (const { seq, json } of entries) frames += `id: ${epoch}.${seq}\ndata: ${inLines(json)}\n\n`
  return frames
}

/** JSON that was written by hand may be laid out in lines; each is a `data:` line of its own then. */
function inLines(json: string): string {
  return /[\r\n]/.test(json) ? json.replaceAll(/\r\n|\r|\n/g, '\ndata: ') : json
}

function named(event: string, data: unknown, id?: string): string {
  const at = id === undefined ? '' : `id: ${id}\n`
  return `event: ${event}\n${at}data: ${JSON.stringify(data)}\n\n`
}
