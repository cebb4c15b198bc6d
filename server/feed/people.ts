import type { Prisma } from '#prisma/generated/client.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Person, WirePeople } from '#server/protocol.ts'

const atMost = 8
const fields = { id: true, name: true, handle: true } as const

/** A user as others see one. */
export function personOf(tx: Transaction, id: string): Promise<Person> {
  return tx.user.findUniqueOrThrow({ where: { id }, select: fields })
}

/** The first eight whose handle begins so, for whoever writes a mention. */
export async function findPeople(
  db: Pick<Prisma.TransactionClient, 'user'>,
  prefix: string,
): Promise<WirePeople> {
  const items = await db.user.findMany({
    where: { handle: { startsWith: prefix.toLowerCase() } },
    orderBy: { handle: 'asc' },
    take: atMost,
    select: fields,
  })
  return { items }
}
