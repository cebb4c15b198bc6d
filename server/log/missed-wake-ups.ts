import type { StreamHead } from './log.ts'

/** Compares what the fallback check finds with what wake-ups have announced. */
export type MissedWakeUps = {
  /** A wake-up announced entries of a stream up to `seq`. */
  told(stream: string, seq: number): void
  /**
   * Takes what a check has found, perhaps found by an earlier one too. Returns true if something that the *previous*
   * check found new has still not been announced: a wake-up may be late, but not that late.
   */
  found(positions: readonly StreamHead[]): boolean
  /** No wake-ups were received until now: what was found so far need not have been announced. */
  forgive(): void
}

/**
 * Remembers announcements for two checks. `isExpected`: whether wake-ups of a stream have been received here for long
 * enough that what the check finds now must have been announced.
 */
export function createMissedWakeUps(isExpected: (stream: string) => boolean = () => true): MissedWakeUps {
  let toldBefore = new Map<string, number>()
  let toldNow = new Map<string, number>()
  let seen = new Map<string, number>()
  let untold: StreamHead[] = []

  const isUntold = ({ stream, seq }: StreamHead) =>
    Math.max(toldBefore.get(stream) ?? 0, toldNow.get(stream) ?? 0) < seq

  return {
    told(stream, seq) {
      toldNow.set(stream, Math.max(seq, toldNow.get(stream) ?? 0))
    },
    found(positions) {
      const isMissed = untold.some(isUntold)
      untold = positions
        .filter(({ stream, seq }) => seq > (seen.get(stream) ?? 0) && isExpected(stream))
        .filter(isUntold)
      seen = new Map(positions.map(({ stream, seq }) => [stream, seq]))
      toldBefore = toldNow
      toldNow = new Map()
      return isMissed
    },
    forgive() {
      untold = []
    },
  }
}
