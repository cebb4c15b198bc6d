import type { Transaction } from '#server/log/postgres-log.ts'
import { handlesIn } from '#server/protocol/mentions.ts'

/** The ids of the others in a room whom a text mentions: the first ten handles of it count. */
export async function mentionedIn(
  tx: Transaction,
  { roomId, authorId }: { roomId: string; authorId: string },
  text: string,
): Promise<string[]> {
  const handles = handlesIn(text)
  if (handles.length === 0) return []
  const people = await tx.user.findMany({
    where: { handle: { in: handles }, rooms: { some: { roomId } }, id: { not: authorId } },
    select: { id: true },
  })
  return people.map(({ id }) => id)
}

/** The handles that several texts mention. */
export function handlesOf(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap(handlesIn))]
}
