import type { Exchange, Header } from './exchange.ts'

export const eventStream = 'text/event-stream'

/** Headers that teach something. The rest is left out, and the cookie is not ours to see. */
const telling: readonly string[] = [
  ...['accept', 'last-event-id', 'prefer', 'if-none-match', 'idempotency-key', 'content-type'],
  ...['etag', 'retry-after', 'preference-applied', 'cache-control', 'x-accel-buffering'],
  ...['location', 'idempotent-replayed', 'x-request-id'],
]

/** A request that goes out now, as the wire drawer notes it. */
export function begunExchange(
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

/** Those of `headers` that teach something, in the order in which they are shown. */
export function headersThatTell(headers: Headers): Header[] {
  return telling.flatMap((name): Header[] => {
    const value = headers.get(name)
    // Every poll accepts JSON: that tells nothing.
    return value === null || (name === 'accept' && value !== eventStream) ? [] : [[name, value]]
  })
}
