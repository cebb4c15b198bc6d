import { type Answer, type Fetch, refusalIn } from './ask.ts'
import { type Frame, readFrames } from './read-frames.ts'
import { sightServerClock } from './server-clock.ts'
import type { StreamSubject } from './stream-step.ts'

/** What comes of a source: chunks while it lasts, then how it ended. No frames: bytes came, but not a whole frame. */
export type Arrival =
  | { type: 'frames'; frames: Frame[] }
  | { type: 'closed' }
  | Exclude<Answer<never>, { type: 'news' | 'same' }>

/**
 * Opens an event stream after the cursor of `place`, and yields what arrives; never throws.
 *
 * By `fetch` and not by `EventSource`, which hides the status and `Retry-After` of a refusal and never comes back from one.
 */
export async function* openSource(
  { name, after }: StreamSubject,
  wire: { fetch: Fetch; now: () => number },
  signal: AbortSignal,
): AsyncGenerator<Arrival, void> {
  let opened = false
  const openedMs = wire.now()
  try {
    const response = await wire.fetch(`/api/streams/${encodeURIComponent(name)}?after=${after}`, {
      headers: { Accept: 'text/event-stream', ...(after !== 'now' && { 'Last-Event-ID': after }) },
      cache: 'no-store',
      signal,
    })
    sightServerClock({ openedMs, answeredMs: wire.now(), date: response.headers.get('date'), entries: [] })
    if (!response.ok) return yield await refusalIn(response, wire.now())
    if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
      await response.body?.cancel()
      return yield { type: 'failed' }
    }
    for await (const frames of readFrames(response.body, signal)) {
      opened = true
      yield { type: 'frames', frames }
    }
    yield { type: 'closed' }
  } catch {
    // Cut, or garbled on the way: for the reader the same. What has come until now stands.
    yield { type: signal.aborted ? 'interrupted' : opened ? 'closed' : 'failed' }
  }
}
