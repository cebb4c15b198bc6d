/** How long to wait for `Date.now()` to advance, in ms. */
const patienceMs = 5

/**
 * An epoch clock in ms, finer than `Date.now()`. `performance.timeOrigin` is as old as the page, and the machine's
 * clock may have been set since, so this one is synchronized anew at the moment when `Date.now()` advances.
 */
export function tuneWallClock(): () => number {
  const begunMs = performance.now()
  const wholeMs = Date.now()
  let turnedMs = wholeMs
  while (turnedMs === wholeMs && performance.now() - begunMs < patienceMs) turnedMs = Date.now()
  const offsetMs = turnedMs - performance.now()
  return () => performance.now() + offsetMs
}
