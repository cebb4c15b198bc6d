import { passHop } from '#server/log/hops.ts'
import { formatCursor } from '#server/log/log.ts'
import type { StreamBeat, StreamBye, StreamReady, StreamReset } from '#server/protocol/streams.ts'
import { shared } from './shared.ts'

/** SSE3: a batch as the frames of an event stream (WHATWG HTML, section 9.2.5), encoded once for all followers. */
export const encodeFrames = shared((batch): Buffer => {
  if (batch.type === 'reset') {
    const head = formatCursor(batch.head)
    return Buffer.from(frame('reset', { head, reason: batch.reason } satisfies StreamReset, head))
  }
  const { epoch } = batch.next
  let frames = ''
  for (const { seq, type, json } of batch.entries) {
    passHop({ hop: 'framed', seq, type })
    frames += `id: ${epoch}.${seq}\ndata: ${dataLines(json)}\n\n`
  }
  return Buffer.from(frames)
})

/** SSE2: the first frames of a stream. `at` is the position before its first entry. */
export function readyFrame(retryMs: number, at: string, data: StreamReady): string {
  return `retry: ${Math.round(retryMs)}\n${frame('ready', data, at)}`
}

export function beatFrame(data: StreamBeat): Buffer {
  return Buffer.from(frame('beat', data))
}

export function byeFrame(data: StreamBye): Buffer {
  return Buffer.from(frame('bye', data))
}

/** JSON with line breaks needs a `data:` field for each line. */
function dataLines(json: string): string {
  return /[\r\n]/.test(json) ? json.replaceAll(/\r\n|\r|\n/g, '\ndata: ') : json
}

function frame(event: string, data: unknown, id?: string): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`
  return `event: ${event}\n${idLine}data: ${JSON.stringify(data)}\n\n`
}
