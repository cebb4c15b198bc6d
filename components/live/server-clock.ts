import { anyLag, lagMs, narrowLag, type Sighting } from './clock-lag.ts'

let bounds = anyLag

/** Notes what an answer, or an entry that has just come, tells of the server's clock. */
export function sightServerClock(sighting: Sighting): void {
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
