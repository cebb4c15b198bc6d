/**
 * How a stream is held back. `opening`: nothing came although a poll of the same URL was answered; `bunches`: what was
 * sent apart came together or late, by about `heldMs`; `silence`: it opened and then nothing came, twice, although polls
 * were answered.
 */
export type BufferingReason = { how: 'opening' | 'silence' } | { how: 'bunches'; heldMs: number }

/** How late a poll may find a source silent at its opening before that is evidence, in ms: at first, and under suspicion. */
const openingPatienceMs = 3_000
const openingPatienceUnderSuspicionMs = 1_000
const apartMs = 1_000
const togetherMs = 100
const unsteadyMs = 1_500
const beatsThatClear = 2

type Sent = { atMs: number; arrivedMs: number }

/**
 * Detects a proxy on the way that holds a stream back.
 *
 * One odd arrival may be a hiccup of the line, and silence may be a dead one. So the first piece of evidence is a
 * `suspicion`, for which a fresh source is opened; only a second one, with a poll or a beat to show that the line is
 * up, is the finding.
 */
export function createBufferingDetector() {
  let suspected = false
  let beats: Sent[] = []
  let lastEntry: Sent | undefined
  let onTime = 0

  const evidence = (finding: BufferingReason): BufferingReason | 'suspicion' => {
    onTime = 0
    if (suspected) return finding
    suspected = true
    return 'suspicion'
  }

  return {
    get suspected() {
      return suspected
    },
    /** How long a source may stay without `ready` before a poll is asked, in ms. */
    get openingPatienceMs() {
      return suspected ? openingPatienceUnderSuspicionMs : openingPatienceMs
    },
    /** A fresh source: what arrived by the last one is no measure. */
    opened() {
      beats = []
      lastEntry = undefined
      onTime = 0
    },
    /** A beat has arrived, which the server sent at `at`. */
    beat(at: string, nowMs: number): BufferingReason | 'suspicion' | undefined {
      const beat = { atMs: Date.parse(at), arrivedMs: nowMs }
      const before = beats.at(-1)
      beats = [...beats, beat].slice(-8)
      const lateness = beats.map(({ atMs, arrivedMs }) => arrivedMs - atMs)
      const heldMs = Math.max(...lateness) - Math.min(...lateness)
      if (heldMs > unsteadyMs || cameTogether(before, beat)) return evidence({ how: 'bunches', heldMs })
      onTime += 1
      if (onTime >= beatsThatClear) suspected = false
      return undefined
    },
    /** A live entry, made at `at`, has arrived. */
    entry(at: string, nowMs: number): BufferingReason | 'suspicion' | undefined {
      const entry = { atMs: Date.parse(at), arrivedMs: nowMs }
      const before = lastEntry
      lastEntry = entry
      if (!cameTogether(before, entry)) return undefined
      return evidence({ how: 'bunches', heldMs: entry.atMs - (before?.atMs ?? entry.atMs) })
    },
    /** A poll was answered while the source had not even opened. */
    silentAtOpening(): BufferingReason | 'suspicion' {
      return evidence({ how: 'opening' })
    },
    /** A poll was answered while beats stayed away. */
    silentSince(): BufferingReason | 'suspicion' {
      return evidence({ how: 'silence' })
    },
  }
}

export type BufferingDetector = ReturnType<typeof createBufferingDetector>

/** Sent apart, arrived together: something collected them. */
function cameTogether(before: Sent | undefined, { atMs, arrivedMs }: Sent): boolean {
  return before !== undefined && atMs - before.atMs >= apartMs && arrivedMs - before.arrivedMs <= togetherMs
}
