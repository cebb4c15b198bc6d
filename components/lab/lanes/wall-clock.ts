/** How long to wait for the edge of a millisecond, in ms. */
const patienceMs = 5

/**
 * A clock of the epoch of Unix, in ms, finer than `Date.now()`. `performance.timeOrigin` is as old as the page, and the
 * machine's clock may have been set since: so it is set again, at the edge where `Date.now()` turns over.
 */
export function tuneWallClock(): () => number {
  const begunMs = performance.now()
  const wholeMs = Date.now()
  let turnedMs = wholeMs
  while (turnedMs === wholeMs && performance.now() - begunMs < patienceMs) turnedMs = Date.now()
  const offsetMs = turnedMs - performance.now()
  return () => performance.now() + offsetMs
}
