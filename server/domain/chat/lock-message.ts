import type { Transaction } from '#server/log/postgres-log.ts'
import { MessageDeleted, MessageNotFound } from './refusals.ts'

export type LockedMessage = { id: string; authorId: string; body: string; deletedAt: Date | null }

/**
 * Locks a message until the transaction ends, so that what happens to it follows one after the other. Throws
 * `MessageNotFound`.
 */
export async function lockMessage(tx: Transaction, roomId: string, seq: number): Promise<LockedMessage> {
  const [message] = await tx.$queryRaw<LockedMessage[]>`
    SELECT id, "authorId", body, "deletedAt" FROM message
    WHERE "roomId" = ${roomId} AND seq = ${seq}::bigint FOR NO KEY UPDATE`
  if (!message) throw new MessageNotFound(`No message ${seq}`)
  return message
}

/** The same for one that still says something. Throws `MessageDeleted`, `MessageNotFound`. */
export async function lockStanding(tx: Transaction, roomId: string, seq: number): Promise<LockedMessage> {
  const message = await lockMessage(tx, roomId, seq)
  if (message.deletedAt) throw new MessageDeleted('The message was deleted')
  return message
}
