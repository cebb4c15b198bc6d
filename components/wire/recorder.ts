import type { Fetch } from '#components/live/ask.ts'
import type { WireExchange } from '#server/protocol.ts'
import type { Exchange, Header, Outcome } from './exchange.ts'
import { blankRecording, type Recording, withBegun, withChange, withCounts, withTiming } from './recording.ts'

export type Recorder = {
  /** The browser's `fetch`, listened to. */
  fetch: Fetch
  addCounts: (counts: readonly WireExchange[]) => void
  addTiming: (entry: PerformanceResourceTiming) => void
  /** For `useSyncExternalStore`. */
  watch: (changed: () => void) => () => void
  current: () => Recording
}

const keptCharacters = 8_000

/** Headers that teach something. The rest is left out, and the cookie is not ours to see. */
const telling: readonly string[] = [
  ...['prefer', 'if-none-match', 'idempotency-key', 'content-type'],
  ...[
    'etag',
    'retry-after',
    'preference-applied',
    'cache-control',
    'location',
    'idempotent-replayed',
    'x-request-id',
  ],
]

/**
 * Records each exchange that goes through its `fetch`, and hands its answer on once it is here whole.
 *
 * `now` gives epoch ms; `ticks` gives ms with fractions which never jump, as `performance.now` does.
 */
export function createRecorder(browser: { fetch: Fetch; now: () => number; ticks: () => number }): Recorder {
  const { fetch, now, ticks } = browser
  const watchers = new Set<() => void>()
  let recording = blankRecording
  let lastId = 0

  return {
    fetch: async (url, init = {}) => {
      // An ask that was called off before it went out never was on the wire.
      if (init.signal?.aborted) return fetch(url, init)
      lastId += 1
      const begun = exchangeOf(lastId, url, init, now(), ticks())
      publish(withBegun(recording, begun))
      const end = (outcome: Outcome) => publish(withChange(recording, begun.id, { outcome }))
      const tookMs = () => ticks() - begun.startedTicks
      const lose = () => end({ state: init.signal?.aborted ? 'let-go' : 'cut', tookMs: tookMs() })
      try {
        const response = await fetch(url, init)
        const { status, statusText } = response
        // Read here and handed on anew: a clone would be cut off when the caller aborts after it has had its answer.
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

  function publish(next: Recording) {
    if (next === recording) return
    recording = next
    for (const changed of watchers) changed()
  }
}

function exchangeOf(
  id: number,
  path: string,
  init: RequestInit,
  startedAtMs: number,
  startedTicks: number,
): Exchange {
  const prefer = new Headers(init.headers).get('prefer') ?? ''
  return {
    id,
    method: init.method ?? 'GET',
    path,
    startedAtMs,
    startedTicks,
    waitSeconds: Number(/wait=(\d+)/.exec(prefer)?.[1] ?? 0),
    sent: headersThatTell(init.headers),
    outcome: { state: 'open' },
  }
}

function headersThatTell(headers: HeadersInit | undefined): Header[] {
  const all = new Headers(headers)
  return telling.flatMap((name): Header[] => {
    const value = all.get(name)
    return value === null ? [] : [[name, value]]
  })
}
