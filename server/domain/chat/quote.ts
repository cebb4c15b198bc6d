import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireQuote } from '#server/protocol/chat.ts'
import { excerptOf } from '#server/protocol/protocol.ts'
import { personOf } from './person.ts'
import { NothingToAnswer } from './refusals.ts'

/**
 * What a reply says of the message that it answers, which cannot be deleted meanwhile: whoever deletes it then finds
 * the reply, and takes the words out of it too. Throws `NothingToAnswer`, also for one that was deleted.
 */
export async function quoteOf(tx: Transaction, roomId: string, seq: number): Promise<WireQuote> {
  const [message] = await tx.$queryRaw<{ authorId: string; body: string }[]>`
    SELECT "authorId", body FROM message
    WHERE "roomId" = ${roomId} AND seq = ${seq}::bigint AND "deletedAt" IS NULL FOR SHARE`
  if (!message) throw new NothingToAnswer(`No message ${seq} to answer`)
  return { seq, author: await personOf(tx, message.authorId), excerpt: excerptOf(message.body) }
}
