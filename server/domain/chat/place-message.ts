import type { Transaction } from '#server/log/postgres-log.ts'

export type PlacedMessage = { id: string; roomId: string; authorId: string; stream: string; seq: number }

/** Gives a message the seq and the time of its entry, and gives the time; who sends has read what was before. */
export async function placeMessage(
  tx: Transaction,
  { id, roomId, authorId, stream, seq }: PlacedMessage,
): Promise<Date> {
  const [placed] = await tx.$queryRaw<{ at: Date }[]>`
    WITH own AS (
      UPDATE room_member SET "readSeq" = ${seq}::bigint WHERE "roomId" = ${roomId} AND "userId" = ${authorId}
    )
    UPDATE message SET seq = e.seq, at = e.at FROM log_entry e
    WHERE message.id = ${id} AND e.stream = ${stream} AND e.seq = ${seq}::bigint
    RETURNING message.at`
  if (!placed) throw new Error(`The entry of message ${id} is gone`)
  return placed.at
}
