import type { Fetch } from '#components/live/request.ts'
import type { WireExchange } from '#server/protocol/exchanges.ts'
import type { Exchange, Header, Outcome, StreamEnd } from './exchange.ts'
import { type Frame, frameKindOf, splitFrames } from './frame.ts'
import {
  blankRecording,
  type Recording,
  withBegun,
  withChange,
  withCounts,
  withFrames,
  withStreamEnd,
  withTiming,
} from './recording.ts'
import { tapStream } from './tap-stream.ts'

type Recorder = {
  /** The browser's `fetch`, recorded. */
  fetch: Fetch
  addCounts: (counts: readonly WireExchange[]) => void
  addTiming: (entry: PerformanceResourceTiming) => void
  /** For `useSyncExternalStore`. */
  watch: (changed: () => void) => () => void
  current: () => Recording
}

const keptCharacters = 8_000

/**
 * Records each exchange that goes through its `fetch`, and passes the response on once it is complete; an event stream
 * is passed on as it arrives, and recorded frame by frame.
 * `now` returns epoch ms; `ticks` returns fractional ms that never jump, like `performance.now`.
 */
export function createRecorder(browser: { fetch: Fetch; now: () => number; ticks: () => number }): Recorder {
  const { fetch, now, ticks } = browser
  const watchers = new Set<() => void>()
  let recording = blankRecording
  const followed = new Set<string>()
  let lastId = 0
  let lastFrame = 0

  return {
    fetch: async (url, init = {}) => {
      // A request aborted before it was sent was never on the wire.
      if (init.signal?.aborted) return fetch(url, init)
      lastId += 1
      const begun = begunExchange(lastId, url, init, { nowMs: now(), ticks: ticks() })
      publish(withBegun(recording, begun))
      const end = (outcome: Outcome) => publish(withChange(recording, begun.id, { outcome }))
      const tookMs = () => ticks() - begun.startedTicks
      const lose = () => end({ state: init.signal?.aborted ? 'let-go' : 'cut', tookMs: tookMs() })
      try {
        const response = await fetch(url, init)
        const { status, statusText } = response
        if (response.body && isEventStream(response)) {
          const headers = headersThatTell(response.headers)
          end({ state: 'answered', status, statusText, headers, text: '', tookMs: tookMs() })
          return new Response(listenedTo(response.body, begun, init.signal), response)
        }
        // Read here and passed on as a new body: a clone would be cut off if the caller aborts after it has the
        // response.
        const body = await response.text()
        const headers = headersThatTell(response.headers)
        const text = body.slice(0, keptCharacters)
        end({ state: 'answered', status, statusText, headers, text, tookMs: tookMs() })
        return new Response(body || null, response)
      } catch (error) {
        lose()
        throw error
      }
    },
    addCounts: (counts) => publish(withCounts(recording, counts)),
    addTiming: (entry) => publish(withTiming(recording, entry)),
    watch: (changed) => {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    current: () => recording,
  }

  function listenedTo(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    { id, path }: Exchange,
    signal?: AbortSignal | null,
  ) {
    const [url = path] = path.split('?')
    const stream = { again: followed.has(url), openedAtMs: now(), frames: 0, bytes: 0 }
    followed.add(url)
    publish(withChange(recording, id, { stream }))
    const split = splitFrames()
    const heard = (chunk: Uint8Array) => {
      const frames = split(chunk).map(({ lines, bytes }): Frame => {
        lastFrame += 1
        return { n: lastFrame, exchangeId: id, atMs: now(), kind: frameKindOf(lines), lines, bytes }
      })
      publish(withFrames(recording, id, frames, chunk.length))
    }
    const ended = (by: StreamEnd) => publish(withStreamEnd(recording, id, { by, atMs: now() }))
    return tapStream(body, { heard, ended }, signal)
  }

  function publish(next: Recording) {
    if (next === recording) return
    recording = next
    for (const changed of watchers) changed()
  }
}

function isEventStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith(eventStream) ?? false
}

const eventStream = 'text/event-stream'

/** The headers worth showing. The rest is omitted, and scripts cannot see the cookie. */
const telling: readonly string[] = [
  ...['accept', 'last-event-id', 'prefer', 'if-none-match', 'idempotency-key', 'content-type'],
  ...['etag', 'retry-after', 'preference-applied', 'cache-control', 'x-accel-buffering'],
  ...['location', 'idempotent-replayed', 'x-request-id'],
]

/** A request being sent, as the wire drawer records it. */
function begunExchange(
  id: number,
  path: string,
  init: RequestInit,
  { nowMs, ticks }: { nowMs: number; ticks: number },
): Exchange {
  const headers = new Headers(init.headers)
  return {
    id,
    method: init.method ?? 'GET',
    path,
    startedAtMs: nowMs,
    startedTicks: ticks,
    waitSeconds: Number(/wait=(\d+)/.exec(headers.get('prefer') ?? '')?.[1] ?? 0),
    listens: headers.get('accept') === eventStream,
    sent: headersThatTell(headers),
    outcome: { state: 'open' },
  }
}

/** Those of `headers` that are worth showing, in display order. */
function headersThatTell(headers: Headers): Header[] {
  return telling.flatMap((name): Header[] => {
    const value = headers.get(name)
    // Every poll accepts JSON, which is not worth showing.
    return value === null || (name === 'accept' && value !== eventStream) ? [] : [[name, value]]
  })
}
