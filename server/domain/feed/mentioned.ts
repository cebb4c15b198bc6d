import type { Transaction } from '#server/log/postgres-log.ts'
import { handlesIn } from '#server/protocol/mentions.ts'

/** The ids of those whom a text mentions: the first ten handles of it count. */
export async function mentionedIn(tx: Transaction, text: string): Promise<string[]> {
  const handles = handlesIn(text)
  if (handles.length === 0) return []
  const people = await tx.user.findMany({ where: { handle: { in: handles } }, select: { id: true } })
  return people.map(({ id }) => id)
}
