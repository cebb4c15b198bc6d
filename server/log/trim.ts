import type { Prisma } from '#prisma/generated/client.ts'

/**
 * Keeps the newest `keep` entries of each stream and deletes the rest, moving the floor in the same statement: a reader
 * below the floor gets a `trimmed` reset, never a gap. Streams are trimmed once they exceed `keep` by a tenth.
 */
export async function trimLog(
  db: Pick<Prisma.TransactionClient, '$executeRaw'>,
  keep: number,
): Promise<void> {
  await db.$executeRaw`
    WITH over AS (
      UPDATE log_head SET floor = seq - ${keep}::bigint
      WHERE stream IN (
        SELECT stream FROM log_head WHERE seq - floor > ${Math.ceil(keep * 1.1)}::bigint ORDER BY stream FOR UPDATE SKIP LOCKED
      )
      RETURNING stream, floor
    )
    DELETE FROM log_entry e USING over WHERE e.stream = over.stream AND e.seq <= over.floor`
}
