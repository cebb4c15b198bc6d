/** Latency distributions, used by the crowd, the page and the reports. */
import type { Distribution } from './lab-report.ts'

/** 20 buckets per decade, from 0.1 ms to 1,000 s; values outside count in the first or last one. */
export const latencyEdgesMs: readonly number[] = Array.from({ length: 141 }, (_, n) => 0.1 * 10 ** (n / 20))

const firstEdgeMs = latencyEdgesMs[0] ?? 0.1
const bucketsPerDecade = 20
const bucketCount = latencyEdgesMs.length - 1

/** A distribution that grows. Adding a value allocates nothing. */
export class LatencyRecorder {
  #counts = new Float64Array(bucketCount)
  #count = 0
  #maxMs: number | null = null

  /** Adds `ms`, observed `count` times. */
  add(ms: number, count = 1): void {
    this.#addTo(bucketOf(ms), count)
    this.#grow(ms)
  }

  /** Adds another distribution. */
  merge({ counts, maxMs }: Pick<Distribution, 'counts' | 'maxMs'>): void {
    for (const [bucket, count] of counts.entries()) this.#addTo(bucket, count)
    if (maxMs !== null) this.#grow(maxMs)
  }

  /** Percentiles are interpolated within their bucket; the maximum is exact. */
  toWire(): Distribution {
    return distributionOf([...this.#counts], this.#maxMs)
  }

  #addTo(bucket: number, count: number) {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count
    this.#count += count
  }

  #grow(ms: number) {
    if (this.#maxMs === null || ms > this.#maxMs) this.#maxMs = ms
  }

  get count(): number {
    return this.#count
  }
}

/**
 * The values added between two snapshots of the same recorder; unless it is new, their maximum is only known to the
 * bucket.
 */
export function distributionSince(before: Distribution, now: Distribution): Distribution {
  const counts = now.counts.map((count, bucket) => count - (before.counts[bucket] ?? 0))
  const last = counts.findLastIndex((count) => count > 0)
  if (last < 0) return distributionOf(counts, null)
  const isNewMax = now.maxMs !== before.maxMs
  const edgeMs = latencyEdgesMs[last + 1] ?? Number.POSITIVE_INFINITY
  return distributionOf(counts, isNewMax ? now.maxMs : Math.min(edgeMs, now.maxMs ?? edgeMs))
}

/** The distribution with these counts, including its percentiles. */
export function distributionOf(counts: number[], maxMs: number | null): Distribution {
  const count = counts.reduce((sum, each) => sum + each, 0)
  const at = (share: number) => percentile(counts, count, maxMs, share)
  return { count, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs, counts }
}

/** Interpolated on the logarithmic scale of the edges, capped at the maximum. */
function percentile(counts: number[], count: number, maxMs: number | null, share: number): number | null {
  if (count === 0 || maxMs === null) return null
  let rest = share * count
  for (const [bucket, inside] of counts.entries()) {
    if (rest > inside || inside === 0) {
      rest -= inside
      continue
    }
    const fromMs = latencyEdgesMs[bucket] ?? firstEdgeMs
    const toMs = Math.min(latencyEdgesMs[bucket + 1] ?? maxMs, Math.max(maxMs, fromMs))
    return Math.min(maxMs, fromMs * (toMs / fromMs) ** (rest / inside))
  }
  return maxMs
}

function bucketOf(ms: number): number {
  if (!(ms > firstEdgeMs)) return 0
  const guess = Math.min(bucketCount - 1, Math.floor(Math.log10(ms / firstEdgeMs) * bucketsPerDecade))
  // The logarithm can be off by a rounding error at an edge.
  if (ms < (latencyEdgesMs[guess] ?? 0)) return guess - 1
  return guess + 1 < bucketCount && ms >= (latencyEdgesMs[guess + 1] ?? 0) ? guess + 1 : guess
}
