import type { Transaction } from '#server/log/postgres-log.ts'
import { handlesIn } from '#server/protocol.ts'

/** The ids of those in a room whom a text mentions: the first ten handles of it count. */
export async function mentionedIn(tx: Transaction, roomId: string, text: string): Promise<string[]> {
  const handles = handlesIn(text)
  if (handles.length === 0) return []
  const people = await tx.user.findMany({
    where: { handle: { in: handles }, rooms: { some: { roomId } } },
    select: { id: true },
  })
  return people.map(({ id }) => id)
}
