/**
 * How a stream is buffered. `opening`: nothing arrived although a poll of the same URL was answered; `bunches`:
 * messages sent apart arrived together or late, by about `heldMs`; `silence`: it opened and then twice nothing arrived,
 * although polls were answered.
 */
export type BufferingReason = { how: 'opening' | 'silence' } | { how: 'bunches'; heldMs: number }

/**
 * How long after connecting an unopened source counts as evidence once a poll succeeds, in ms: normally, and under
 * suspicion.
 */
const openingPatienceMs = 3_000
const openingPatienceUnderSuspicionMs = 1_000
const apartMs = 1_000
const togetherMs = 100
const unsteadyMs = 1_500
const beatsThatClear = 2

type Sent = { atMs: number; arrivedMs: number }

/**
 * Detects a proxy that buffers a stream.
 *
 * One odd arrival may be network jitter, and silence may be a dead connection. The first evidence is therefore only a
 * `suspicion`, on which the client opens a new source; the finding needs a second one, with a poll or a beat to show
 * that the network is up.
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
    /** How long a source may stay without `ready` before a poll is sent, in ms. */
    get openingPatienceMs() {
      return suspected ? openingPatienceUnderSuspicionMs : openingPatienceMs
    },
    /** A new source was opened: arrivals on the previous one no longer count. */
    opened() {
      beats = []
      lastEntry = undefined
      onTime = 0
    },
    /** A beat arrived, sent by the server at `at`. */
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
    /** A live entry arrived, committed at `at`. */
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
    /** A poll was answered while beats were missing. */
    silentSince(): BufferingReason | 'suspicion' {
      return evidence({ how: 'silence' })
    },
  }
}

export type BufferingDetector = ReturnType<typeof createBufferingDetector>

/** Sent apart, arrived together: something buffered them. */
function cameTogether(before: Sent | undefined, { atMs, arrivedMs }: Sent): boolean {
  return before !== undefined && atMs - before.atMs >= apartMs && arrivedMs - before.arrivedMs <= togetherMs
}
