/** Bounds on this browser's clock minus the server's, in ms. */
type LagBounds = { leastMs: number; mostMs: number }

export const anyLag: LagBounds = { leastMs: Number.NEGATIVE_INFINITY, mostMs: Number.POSITIVE_INFINITY }

/** What one response reveals. `date` is its `Date` header, which has whole seconds. */
export type Sighting = {
  openedMs: number
  answeredMs: number
  date?: string | null
  entries: readonly { at: string }[]
}

/** A busy Node keeps writing the same `Date` a little longer than its second, in ms. */
const staleDateMs = 500

/**
 * Narrows the bounds by one response: the server wrote its date after the request was sent and before the response
 * arrived, and no entry arrives before it happened.
 */
export function narrowLag(bounds: LagBounds, { openedMs, answeredMs, date, entries }: Sighting): LagBounds {
  let { leastMs, mostMs } = bounds
  const dateMs = Date.parse(date ?? '')
  if (!Number.isNaN(dateMs)) {
    leastMs = Math.max(leastMs, openedMs - (dateMs + 1_000 + staleDateMs))
    mostMs = Math.min(mostMs, answeredMs - dateMs)
  }
  for (const { at } of entries) mostMs = Math.min(mostMs, answeredMs - Date.parse(at))
  return { leastMs, mostMs }
}

/**
 * The lag to assume: none while the clocks may agree, else the largest that fits, which is off by at most the fastest
 * response's duration.
 */
export function lagMs({ leastMs, mostMs }: LagBounds): number {
  const mayAgree = leastMs <= 0 && mostMs >= 0
  return mayAgree || !Number.isFinite(mostMs) ? 0 : mostMs
}

let bounds = anyLag

/** Records what a response, or an entry that has just arrived, reveals about the server's clock. */
export function noteServerClock(sighting: Sighting): void {
  const narrowed = narrowLag(bounds, sighting)
  // One of the clocks has been set since, so the earlier bounds no longer hold.
  bounds = narrowed.leastMs > narrowed.mostMs ? narrowLag(anyLag, sighting) : narrowed
}

/**
 * How far this browser's clock is ahead of the server's, in ms; 0 while the two may agree. Subtract it from local time
 * before comparing with a server timestamp.
 */
export function serverLagMs(): number {
  return lagMs(bounds)
}
