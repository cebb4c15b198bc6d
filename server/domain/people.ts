import type { Prisma } from '#prisma/generated/client.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { handleFrom, normalizeHandle } from '#server/protocol/handles.ts'
import { handlesIn } from '#server/protocol/mentions.ts'
import type { Person, WirePeople } from '#server/protocol/people.ts'

const atMost = 8
const fields = { id: true, name: true, handle: true } as const

/** A user as others see one. */
export function personOf(tx: Transaction, id: string): Promise<Person> {
  return tx.user.findUniqueOrThrow({ where: { id }, select: fields })
}

/**
 * The first eight users whose handle, or a word of whose name, starts with `prefix`: completes mentions and
 * invitations.
 */
export async function findPeople(
  db: Pick<Prisma.TransactionClient, 'user'>,
  prefix: string,
): Promise<WirePeople> {
  // A handle has the words of the name in lower case without accents, whatever the database considers a letter.
  const plain = handleFrom(prefix)
  const items = await db.user.findMany({
    where: {
      OR: [
        { handle: { startsWith: normalizeHandle(prefix) } },
        ...(plain === '' ? [] : [{ handle: { startsWith: plain } }, { handle: { contains: `-${plain}` } }]),
        { name: { startsWith: prefix, mode: 'insensitive' } },
        { name: { contains: ` ${prefix}`, mode: 'insensitive' } },
      ],
    },
    orderBy: { handle: 'asc' },
    take: atMost,
    select: fields,
  })
  return { items }
}

/** The ids of the users that a text mentions; its first ten handles count. */
export async function mentionedIn(tx: Transaction, text: string): Promise<string[]> {
  const handles = handlesIn(text)
  if (handles.length === 0) return []
  const people = await tx.user.findMany({ where: { handle: { in: handles } }, select: { id: true } })
  return people.map(({ id }) => id)
}
