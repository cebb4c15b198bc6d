import { timeOf } from '#server/database/time-of.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import { blankEntries } from './blank-entries.ts'
import { lockMessage } from './lock-message.ts'
import { membershipOf } from './membership.ts'
import { handlesOf } from './mentioned.ts'
import { readMessage } from './read-message.ts'
import { NotAllowedInRoom } from './refusals.ts'
import { mentionKey, type RoomBook, roomStream } from './room-book.ts'

/**
 * Takes back what a message says, wherever it is kept: in its row, in the entries that carried its words, and in what
 * those were told whom it mentioned. Its author may, and the owner of the room; deleting it again does nothing. Throws
 * `MessageNotFound`, `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`.
 */
export async function deleteMessage(
  book: RoomBook,
  tx: Transaction,
  userId: string,
  roomId: string,
  seq: number,
): Promise<WireMessage> {
  const { role } = await membershipOf(tx, roomId, userId)
  const { id, authorId, body, deletedAt: before } = await lockMessage(tx, roomId, seq)
  if (authorId !== userId && role !== 'owner') {
    throw new NotAllowedInRoom('Only its author or the owner of the room deletes a message')
  }
  if (before) return readMessage(tx, roomId, seq)
  const deletedAt = await timeOf(tx)
  await tx.message.update({ where: { id }, data: { body: '', deletedAt } })
  await tx.reaction.deleteMany({ where: { messageId: id } })
  const stream = roomStream(roomId)
  const data = { seq, deletedAt: deletedAt.toISOString() } satisfies RoomEntryData['message.deleted']
  // Before the blanking: under the lock of the stream's head its entries are nobody else's to rewrite or to trim.
  await book.log.append(tx, [{ stream, type: 'message.deleted', data }])
  const said = await blankEntries(book, tx, roomId, seq)
  await book.unsay(tx, mentionKey(id), handlesOf([body, ...said]))
  return readMessage(tx, roomId, seq)
}
