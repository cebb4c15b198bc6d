import type { Transaction } from '#server/log/postgres-log.ts'
import { mentionPattern } from '#server/protocol.ts'

const atMost = 10

/** The ids of those whom a text mentions: the first ten handles of it count. */
export async function mentionedIn(tx: Transaction, text: string): Promise<string[]> {
  const handles = new Set([...text.matchAll(mentionPattern)].map(([, handle = '']) => plain(handle)))
  if (handles.size === 0) return []
  const people = await tx.user.findMany({
    where: { handle: { in: [...handles].slice(0, atMost) } },
    select: { id: true },
  })
  return people.map(({ id }) => id)
}

/** A hyphen at the end belongs to the sentence: no handle ends in one. */
function plain(handle: string): string {
  return handle.toLowerCase().replace(/-+$/, '')
}
