import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireQuote } from '#server/protocol/chat.ts'
import { excerptOf } from '#server/protocol.ts'
import { personOf } from './person.ts'
import { MessageNotFound } from './refusals.ts'

/** What a reply says of the message that it answers. Throws `MessageNotFound`, also for one that was deleted. */
export async function quoteOf(tx: Transaction, roomId: string, seq: number): Promise<WireQuote> {
  const message = await tx.message.findUnique({ where: { roomId_seq: { roomId, seq } } })
  if (!message || message.deletedAt) throw new MessageNotFound(`No message ${seq} to answer`)
  return { seq, author: await personOf(tx, message.authorId), excerpt: excerptOf(message.body) }
}
