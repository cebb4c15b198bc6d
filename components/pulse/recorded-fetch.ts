import type { Fetch } from '#components/live/ask.ts'
import type { WirePage } from '#server/protocol.ts'
import type { Sighting } from './clock-lag.ts'
import type { PulseWire, TraceEvent } from './trace.ts'

/** Where a wire tells what it saw. */
export type Told = { trace: (event: TraceEvent) => void; clock: (sighting: Sighting) => void }

let lastId = 0

/** `fetch` for one wire of the drawing: tells what it saw, and lets every answer pass unchanged. */
export function recordedFetch(wire: PulseWire, told: Told): Fetch {
  return async (url, init) => {
    lastId += 1
    const id = lastId
    const openedMs = Date.now()
    told.trace({ type: 'opened', wire, id, atMs: openedMs })
    try {
      const response = await fetch(url, init)
      const entries = response.status === 200 ? await entriesOf(response.clone()) : []
      const answeredMs = Date.now()
      told.clock({ openedMs, answeredMs, date: response.headers.get('date'), entries })
      // 410 is an answer too: the stream begins anew, and nothing was cut.
      if (response.status >= 429) told.trace({ type: 'failed', wire, id, atMs: answeredMs })
      else told.trace({ type: 'answered', wire, id, atMs: answeredMs, status: response.status, entries })
      return response
    } catch (error) {
      told.trace({ type: init?.signal?.aborted ? 'let-go' : 'failed', wire, id, atMs: Date.now() })
      throw error
    }
  }
}

async function entriesOf(response: Response): Promise<{ seq: number; at: string }[]> {
  const page = (await response.json()) as WirePage
  return page.entries.map(({ seq, at }) => ({ seq, at }))
}
