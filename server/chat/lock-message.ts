import type { Transaction } from '#server/log/postgres-log.ts'
import { MessageDeleted, MessageNotFound } from './refusals.ts'

export type LockedMessage = { id: string; authorId: string; body: string }

/**
 * Locks a message until the transaction ends, so that what happens to it follows one after the other. Throws
 * `MessageDeleted`, `MessageNotFound`.
 */
export async function lockMessage(tx: Transaction, roomId: string, seq: number): Promise<LockedMessage> {
  const [message] = await tx.$queryRaw<(LockedMessage & { deletedAt: Date | null })[]>`
    SELECT id, "authorId", body, "deletedAt" FROM message
    WHERE "roomId" = ${roomId} AND seq = ${seq}::bigint FOR NO KEY UPDATE`
  if (!message) throw new MessageNotFound(`No message ${seq}`)
  if (message.deletedAt) throw new MessageDeleted('The message was deleted')
  return message
}
