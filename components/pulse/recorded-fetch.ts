import type { Fetch } from '#components/live/request.ts'
import type { Sighting } from '#components/live/server-clock.ts'
import { entryHeadOf, frameKindOf, splitFrames } from '#components/wire/frame.ts'
import { tapStream } from '#components/wire/tap-stream.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import type { PulseWire, TraceEvent } from './trace.ts'

/** What a wire reports to. */
export type TraceEvents = { trace: (event: TraceEvent) => void; clock: (sighting: Sighting) => void }

const eventStream = 'text/event-stream'
let lastId = 0

/** `fetch` for one wire of the drawing: reports what passes, and leaves every response unchanged. */
export function recordedFetch(wire: PulseWire, events: TraceEvents): Fetch {
  return async (url, init) => {
    lastId += 1
    const id = lastId
    const openedMs = Date.now()
    const listens = new Headers(init?.headers).get('accept') === eventStream
    events.trace({ type: 'opened', wire, id, atMs: openedMs, listens })
    try {
      const response = await fetch(url, init)
      if (response.body && response.headers.get('content-type')?.startsWith(eventStream)) {
        const answeredMs = Date.now()
        events.clock({ openedMs, answeredMs, date: response.headers.get('date'), entries: [] })
        events.trace({ type: 'streaming', wire, id, atMs: answeredMs })
        return new Response(tapStream(response.body, listener(wire, id, events), init?.signal), response)
      }
      const entries = response.status === 200 ? await entriesOf(response.clone()) : []
      const answeredMs = Date.now()
      events.clock({ openedMs, answeredMs, date: response.headers.get('date'), entries })
      // 410 is a response too: the stream starts over, and nothing was cut.
      if (response.status >= 429) events.trace({ type: 'failed', wire, id, atMs: answeredMs })
      else events.trace({ type: 'answered', wire, id, atMs: answeredMs, status: response.status, entries })
      return response
    } catch (error) {
      events.trace({ type: init?.signal?.aborted ? 'let-go' : 'failed', wire, id, atMs: Date.now() })
      throw error
    }
  }
}

function listener(wire: PulseWire, id: number, told: TraceEvents): Parameters<typeof tapStream>[1] {
  const split = splitFrames()
  return {
    heard(chunk) {
      const atMs = Date.now()
      const frames = split(chunk)
      const entries = frames.flatMap(({ lines }) => entryHeadOf(lines) ?? [])
      const beat = frames.some(({ lines }) => frameKindOf(lines) === 'beat')
      told.clock({ openedMs: atMs, answeredMs: atMs, entries })
      told.trace({ type: 'arrived', wire, id, atMs, bytes: chunk.length, beat, entries })
    },
    ended(by) {
      told.trace({ type: by === 'cut' ? 'failed' : by, wire, id, atMs: Date.now() })
    },
  }
}

async function entriesOf(response: Response): Promise<{ seq: number; at: string }[]> {
  const page = (await response.json()) as WirePage
  return page.entries.map(({ seq, at }) => ({ seq, at }))
}
