/** The recent flow of prices over the connection, as counted by this page. */
export type PriceFlow = {
  /** A batch of `prices` prices has arrived. */
  count(prices: number, nowMs: number): void
  /** One figure for each tenth of a second of the last ten seconds, oldest first, and their mean per second. */
  read(nowMs: number): {
    prices: readonly number[]
    batches: readonly number[]
    pricesPerSecond: number
    batchesPerSecond: number
  }
}

const bucketMs = 100
const buckets = 100

/** Starts counting at `startMs`; until ten seconds have passed, a mean covers the time elapsed. */
export function createPriceFlow(startMs: number): PriceFlow {
  const prices = new Array<number>(buckets).fill(0)
  const batches = new Array<number>(buckets).fill(0)
  let newest = Math.floor(startMs / bucketMs)

  /** Clears the buckets between the newest one and now. */
  const advance = (nowMs: number) => {
    const now = Math.floor(nowMs / bucketMs)
    for (let at = Math.max(newest + 1, now - buckets + 1); at <= now; at += 1) {
      prices[at % buckets] = 0
      batches[at % buckets] = 0
    }
    newest = Math.max(newest, now)
  }
  const inOrder = (ring: number[]) => {
    const end = (newest % buckets) + 1
    return [...ring.slice(end), ...ring.slice(0, end)]
  }

  return {
    count(added, nowMs) {
      advance(nowMs)
      const at = newest % buckets
      prices[at] = (prices[at] ?? 0) + added
      batches[at] = (batches[at] ?? 0) + 1
    },
    read(nowMs) {
      advance(nowMs)
      const seconds = Math.min(buckets * bucketMs, Math.max(1_000, nowMs - startMs)) / 1_000
      return {
        prices: inOrder(prices),
        batches: inOrder(batches),
        pricesPerSecond: Math.round(sum(prices) / seconds),
        batchesPerSecond: Math.round(sum(batches) / seconds),
      }
    },
  }
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0)
}
