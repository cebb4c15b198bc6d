import type { EnteredLanes } from '#components/lab/lanes/enter-lanes.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { windowMs } from './scope-shape.ts'

/** How long an entry is followed that nobody has chosen: it stands still long enough to be read. */
const followedForMs = 0.7 * windowMs

/**
 * The entry to follow now: what the reader has chosen as long as it is in the window, else the newest that all lanes
 * have, until that has gone well to the left.
 */
export function chooseFollowed(
  { times, lanes }: Pick<EnteredLanes, 'times' | 'lanes'>,
  nowMs: number,
  { chosen, followed }: { chosen?: number; followed?: number },
): number | undefined {
  if (chosen !== undefined && ageOf(chosen) < windowMs) return chosen
  if (followed !== undefined && ageOf(followed) < followedForMs) return followed
  const newest = Math.min(...deliveryNames.map((lane) => lanes[lane].last))
  const known = newest > 0 && ageOf(newest) < windowMs ? newest : undefined
  return known ?? (followed !== undefined && ageOf(followed) < windowMs ? followed : undefined)

  function ageOf(seq: number): number {
    const commitMs = times.commitMs(seq)
    return commitMs === undefined ? Number.POSITIVE_INFINITY : nowMs - commitMs
  }
}
