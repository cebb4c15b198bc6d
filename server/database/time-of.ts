import type { Prisma } from '#prisma/generated/client.ts'

/** The time by the database's clock, for what is stored: the nodes' own clocks may differ. */
export async function timeOf(tx: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<Date> {
  const [row] = await tx.$queryRaw<
    { now: Date }[]
  >`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`
  if (!row) throw new Error('SELECT gave no row')
  return row.now
}
