import type { NewEntry, Position } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { type Bell, lockBells, userStream } from './bell.ts'

/** Appends `entries`, and takes the notification of an event back if its reader has not seen it: what is read stays. */
export async function withdraw(
  { log }: Bell,
  tx: Transaction,
  entries: readonly NewEntry[],
  { from, key }: { from: string; key: string },
): Promise<Position[]> {
  const [bell] = await lockBells(tx, [from])
  const [gone] = await tx.$queryRaw<{ seq: bigint }[]>`
    DELETE FROM notification WHERE "userId" = ${from} AND key = ${key} AND "readAt" IS NULL RETURNING seq`
  if (!bell || !gone) return log.append(tx, entries)
  const unread = bell.unread - 1
  await tx.bell.update({ where: { userId: from }, data: { unread } })
  const withdrawn = {
    stream: userStream(from),
    type: 'notification.withdrawn',
    data: { seq: Number(gone.seq), unread },
  }
  return log.append(tx, [...entries, withdrawn])
}
