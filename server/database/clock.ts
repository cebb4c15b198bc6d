import type { Prisma } from '#prisma/generated/client.ts'

/** The database's time, which all nodes share, however wrong their own clocks are. */
export type DatabaseClock = {
  /** Epoch ms, with the error of the best recent measurement: half of its round trip. Costs no query. */
  nowMs(): number
  /**
   * Records the database's time (epoch ms) from a statement sent and answered at these times, by `performance.now()`.
   */
  measured(databaseMs: number, askedAt: number, answeredAt?: number): void
}

/** Follows the monotonic clock between measurements; before the first one it is the machine's own time. */
export function createDatabaseClock(now: () => number = () => performance.now()): DatabaseClock {
  let offsetMs = performance.timeOrigin
  let errorMs = Number.POSITIVE_INFINITY

  return {
    nowMs: () => now() + offsetMs,
    measured(databaseMs, askedAt, answeredAt = now()) {
      const halfMs = (answeredAt - askedAt) / 2
      const measuredMs = databaseMs - (askedAt + answeredAt) / 2
      // A slow response is less accurate than a fast one, unless they contradict each other: then the clock was set.
      if (halfMs > errorMs && Math.abs(measuredMs - offsetMs) <= halfMs + errorMs) return
      offsetMs = measuredMs
      errorMs = halfMs
    },
  }
}

/** How far this machine's clock is ahead of the database's, in ms; 0 if that could be measurement error. */
export function machineAheadMs(databaseMs: number): number {
  const aheadMs = Date.now() - databaseMs
  return Math.abs(aheadMs) < 1_000 ? 0 : aheadMs
}

/** The database's time, for values that are stored: the nodes' own clocks may differ. */
export async function timeOf(tx: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<Date> {
  const [row] = await tx.$queryRaw<
    { now: Date }[]
  >`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`
  if (!row) throw new Error('SELECT gave no row')
  return row.now
}
