const kept = 1_000

/** How long this page's commands took to be acknowledged, in ms, over the latest 1,000. */
export function createAckTimes() {
  let latest: number[] = []
  return {
    add(ackMs: number): { ackMs: number; ackP50Ms: number; ackP99Ms: number } {
      latest = [...latest, ackMs].slice(-kept)
      const sorted = latest.toSorted((a, b) => a - b)
      const percentile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? ackMs
      return { ackMs, ackP50Ms: percentile(0.5), ackP99Ms: percentile(0.99) }
    },
  }
}
