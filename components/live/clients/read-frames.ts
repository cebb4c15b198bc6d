import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { type Fetch, type PollResponse, readRefusal } from '#components/live/request.ts'
import { noteServerClock } from '#components/live/server-clock.ts'
import type { StreamBeat, StreamBye, StreamReady, StreamReset, WireEntry } from '#server/protocol/streams.ts'
import { type StreamSubject, urlOf } from './client.ts'

/** What a stream sends. Entries that arrive in one chunk are grouped; `cursor` is the last one's. */
export type Frame =
  | ({ type: 'ready'; cursor: string } & StreamReady)
  | { type: 'entries'; entries: WireEntry[]; cursor: string }
  | ({ type: 'beat' } & StreamBeat)
  | ({ type: 'reset' } & StreamReset)
  | ({ type: 'bye' } & StreamBye)

/**
 * Parses an event stream (WHATWG HTML, 9.2) and yields, for each chunk, the frames that it completes: none if it ends
 * inside one. Ends when the body does or `signal` aborts; throws what the body throws, and a `SyntaxError` on data that
 * is not JSON.
 */
export async function* readFrames(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Frame[], void> {
  const decoder = new TextDecoder()
  const messages: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (message) => messages.push(message) })
  const reader = body.getReader()
  // A wrapper around `fetch` may not forward an abort.
  const stop = () => void reader.cancel().catch(ignoreDeadBody)
  signal.addEventListener('abort', stop, { once: true })
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      parser.feed(decoder.decode(chunk.value, { stream: true }))
      yield messages.splice(0).reduce<Frame[]>(withMessage, [])
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

function withMessage(frames: Frame[], { event, id, data }: EventSourceMessage): Frame[] {
  switch (event) {
    case undefined:
    case 'message': {
      const entry = JSON.parse(data) as WireEntry
      const before = frames.at(-1)
      const cursor = id ?? ''
      if (before?.type !== 'entries') return [...frames, { type: 'entries', entries: [entry], cursor }]
      before.entries.push(entry)
      before.cursor = cursor
      return frames
    }
    case 'ready':
      return [...frames, { type: 'ready', cursor: id ?? '', ...(JSON.parse(data) as StreamReady) }]
    case 'beat':
      return [...frames, { type: 'beat', ...(JSON.parse(data) as StreamBeat) }]
    case 'reset':
      return [...frames, { type: 'reset', ...(JSON.parse(data) as StreamReset) }]
    case 'bye':
      return [...frames, { type: 'bye', ...(JSON.parse(data) as StreamBye) }]
    default:
      return frames
  }
}

/** A failed body also rejects its cancellation; its reader has the error already. */
function ignoreDeadBody() {
  return
}

/**
 * What a source produces: chunks while it is open, then how it ended. Empty `frames`: bytes came, but no complete
 * frame.
 */
export type Arrival =
  | { type: 'frames'; frames: Frame[] }
  | { type: 'closed' }
  | Exclude<PollResponse<never>, { type: 'changed' | 'not-modified' }>

/**
 * Opens an event stream after `subject.after` and yields what arrives; never throws.
 * Uses `fetch` instead of `EventSource`, which hides the status and `Retry-After` of a refusal and never retries after
 * one.
 */
export async function* openSource(
  subject: StreamSubject,
  wire: { fetch: Fetch; now: () => number },
  signal: AbortSignal,
): AsyncGenerator<Arrival, void> {
  const { after } = subject
  let opened = false
  const openedMs = wire.now()
  try {
    const response = await wire.fetch(urlOf(subject), {
      headers: { Accept: 'text/event-stream', ...(after !== 'now' && after && { 'Last-Event-ID': after }) },
      cache: 'no-store',
      signal,
    })
    noteServerClock({ openedMs, answeredMs: wire.now(), date: response.headers.get('date'), entries: [] })
    if (!response.ok) return yield await readRefusal(response, wire.now())
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
    // Cut or garbled, which makes no difference to the reader: what has arrived so far stays valid.
    yield { type: signal.aborted ? 'interrupted' : opened ? 'closed' : 'failed' }
  }
}
