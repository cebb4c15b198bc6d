/** What is known of this browser's clock minus the server's, in ms: it lies between the two. */
type LagBounds = { leastMs: number; mostMs: number }

export const anyLag: LagBounds = { leastMs: Number.NEGATIVE_INFINITY, mostMs: Number.POSITIVE_INFINITY }

/** What one answer tells. `date` is its `Date` header, which is cut to the second. */
export type Sighting = {
  openedMs: number
  answeredMs: number
  date?: string | null
  entries: readonly { at: string }[]
}

/** A busy Node writes the same `Date` a little longer than its second. */
const staleDateMs = 500

/**
 * Narrows the bounds by one answer: the server wrote its date after the ask was opened and before the answer came,
 * and no entry can have come before it happened.
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
 * The lag to reckon with: none as long as the two clocks may agree, else the largest that fits, which is off by no more
 * than the quickest answer took.
 */
export function lagMs({ leastMs, mostMs }: LagBounds): number {
  const mayAgree = leastMs <= 0 && mostMs >= 0
  return mayAgree || !Number.isFinite(mostMs) ? 0 : mostMs
}

let bounds = anyLag

/** Notes what an answer, or an entry that has just come, tells of the server's clock. */
export function noteServerClock(sighting: Sighting): void {
  const narrowed = narrowLag(bounds, sighting)
  // One of the two clocks was set since: what was known of them is no more.
  bounds = narrowed.leastMs > narrowed.mostMs ? narrowLag(anyLag, sighting) : narrowed
}

/**
 * How far this browser's clock is ahead of the server's, in ms; 0 as long as the two may agree. What compares an instant
 * of the server's with the time here takes it off.
 */
export function serverLagMs(): number {
  return lagMs(bounds)
}
