import type { StreamHead } from './log.ts'

/** Compares what the fallback check finds with what wake-ups have told of. */
export type MissedWakeUps = {
  /** A wake-up told that a stream has entries up to `seq`. */
  told(stream: string, seq: number): void
  /**
   * What a check has found, and perhaps an earlier one too. Gives whether something that the check *before* found new
   * has not been told of until now: a wake-up may be on its way still, but not for so long.
   */
  found(positions: readonly StreamHead[]): boolean
  /** Nobody listened until now: what was found so far need not have been told of. */
  forgive(): void
}

/**
 * Remembers no longer than from one check to the next but one. `isExpected`: whether wake-ups of a stream have come to
 * this process for so long that what the check finds now must have been told of.
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
