import type { Prisma } from '#prisma/generated/client.ts'

/** The time by the database's clock, which all nodes share, however wrong their own are. */
export type DatabaseClock = {
  /** Epoch ms, as good as the quickest answer lately: half of its round trip. Costs no query. */
  nowMs(): number
  /** What the database's clock said (epoch ms) in a statement sent and answered then, by `performance.now()`. */
  measured(databaseMs: number, askedAt: number, answeredAt?: number): void
}

/** Runs on with the monotonic clock between two measurements; before the first, it is the machine's own. */
export function createDatabaseClock(now: () => number = () => performance.now()): DatabaseClock {
  let offsetMs = performance.timeOrigin
  let errorMs = Number.POSITIVE_INFINITY

  return {
    nowMs: () => now() + offsetMs,
    measured(databaseMs, askedAt, answeredAt = now()) {
      const halfMs = (answeredAt - askedAt) / 2
      const measuredMs = databaseMs - (askedAt + answeredAt) / 2
      // A slow answer says less than a quick one, unless the two contradict each other: then the clock was set.
      if (halfMs > errorMs && Math.abs(measuredMs - offsetMs) <= halfMs + errorMs) return
      offsetMs = measuredMs
      errorMs = halfMs
    },
  }
}

/** How far this machine's clock is ahead of the database's, in ms; 0 for what may be an error of measuring. */
export function machineAheadMs(databaseMs: number): number {
  const aheadMs = Date.now() - databaseMs
  return Math.abs(aheadMs) < 1_000 ? 0 : aheadMs
}

/** The time by the database's clock, for what is stored: the nodes' own clocks may differ. */
export async function timeOf(tx: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<Date> {
  const [row] = await tx.$queryRaw<
    { now: Date }[]
  >`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`
  if (!row) throw new Error('SELECT gave no row')
  return row.now
}
