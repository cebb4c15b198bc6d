const firstCapMs = 500
const lastCapMs = 20_000

/**
 * The pause before the next try, in ms, after `failures` in a row: anything from 0 to a cap that doubles from 0.5 s to 20 s.
 *
 * The jitter is full (and not a few percent), so that a thousand clients which lost one server do not return as one.
 */
export function fullJitterMs(failures: number, random: () => number = Math.random): number {
  return random() * Math.min(lastCapMs, firstCapMs * 2 ** Math.min(failures - 1, 10))
}
