import type { Transaction } from '#server/log/postgres-log.ts'
import type { Person } from '#server/protocol/protocol.ts'

/** A user as the others in a room see one. */
export function personOf(tx: Transaction, id: string): Promise<Person> {
  return tx.user.findUniqueOrThrow({ where: { id }, select: { id: true, name: true, handle: true } })
}
