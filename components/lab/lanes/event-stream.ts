import { browserClock } from '#components/live/clock.ts'
import { fullJitterMs } from '#server/protocol/reconnect.ts'
import type { StreamReady, StreamReset, WireEntry } from '#server/protocol/streams.ts'
import type { LaneEvent, LaneGoing, OpenLane } from './lane.ts'
import { headOf, rawFetch } from './raw-exchange.ts'
import { type RawFrame, rawFrames } from './read-raw-frame.ts'

type Place = { cursor?: string }

/** How long after the latest beat a stream counts as dead, in beats. */
const patienceBeats = 1.6
const openingMs = 10_000

/**
 * Server-Sent Events. Read by `fetch`, as this project's own pages do: `EventSource` shows neither the bytes of a frame
 * nor why it was refused, and does not notice silence.
 */
export const readEvents: OpenLane = async (going, tell, signal) => {
  const place: Place = {}
  let failures = 0
  while (!signal.aborted) {
    const stood = await readSource(place, going, tell, signal)
    if (signal.aborted) return
    tell({ type: 'lost', atMs: going.now() })
    failures = stood ? 1 : failures + 1
    await browserClock.sleep(fullJitterMs(failures), signal)
  }
}

/** One connection, until it ends; whether it has stood. */
async function readSource(
  place: Place,
  going: LaneGoing,
  tell: (event: LaneEvent) => void,
  left: AbortSignal,
): Promise<boolean> {
  const dead = new AbortController()
  const { now } = going
  let heardMs = now()
  let patienceMs = openingMs
  let stood = false
  const watch = setInterval(() => now() - heardMs > patienceMs && dead.abort(), 1_000)
  const path = `/api/streams/${encodeURIComponent(going.stream)}${place.cursor ? `?after=${place.cursor}` : ''}`
  try {
    const request = { path, headers: { Accept: 'text/event-stream' } }
    const response = await rawFetch(going, request, tell, AbortSignal.any([left, dead.signal]))
    const atMs = now()
    tell({ type: 'line', atMs, line: { atMs, direction: 'down', text: headOf(response) } })
    if (!response.ok || !response.body) return false
    const split = rawFrames()
    for await (const chunk of textOf(response.body)) {
      heardMs = now()
      for (const frame of split(chunk)) {
        if (frame.event === 'ready')
          patienceMs = (JSON.parse(frame.data) as StreamReady).beatMs * patienceBeats
        stood = true
        take(frame, place, tell, now())
      }
    }
  } catch {
    // Cut or silent: whoever called opens another one.
  } finally {
    clearInterval(watch)
  }
  return stood
}

function take(frame: RawFrame, place: Place, tell: (event: LaneEvent) => void, atMs: number) {
  const { text, event, id, data } = frame
  if (id) place.cursor = id
  if (event === 'message') {
    const entry = JSON.parse(data) as WireEntry
    tell({ type: 'line', atMs, line: { atMs, direction: 'down', text, seqs: [entry.seq, entry.seq] } })
    return tell({ type: 'entries', atMs, entries: [entry] })
  }
  tell({ type: 'line', atMs, line: { atMs, direction: 'down', text } })
  if (event === 'ready') tell({ type: 'open', atMs })
  if (event === 'beat') tell({ type: 'beat', atMs })
  if (event === 'reset') {
    const { head } = JSON.parse(data) as StreamReset
    tell({ type: 'reset', atMs, headSeq: Number(head.slice(head.indexOf('.') + 1)) })
  }
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder()
  const reader = body.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    yield decoder.decode(chunk.value, { stream: true })
  }
}
