import { timeOf } from '#server/database/time-of.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import { lockStanding } from './lock-message.ts'
import { membershipOf } from './membership.ts'
import { readMessage } from './read-message.ts'
import { NotAllowedInRoom } from './refusals.ts'
import { type RoomBook, roomStream } from './room-book.ts'

/**
 * Changes what one's own message says; the same words change nothing. Throws `MessageDeleted`, `MessageNotFound`,
 * `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`.
 */
export async function editMessage(
  book: RoomBook,
  tx: Transaction,
  userId: string,
  roomId: string,
  seq: number,
  { body }: { body: string },
): Promise<WireMessage> {
  await membershipOf(tx, roomId, userId)
  const message = await lockStanding(tx, roomId, seq)
  if (message.authorId !== userId) throw new NotAllowedInRoom('Only its author edits a message')
  if (message.body !== body) {
    const editedAt = await timeOf(tx)
    await tx.message.update({ where: { id: message.id }, data: { body, editedAt } })
    const data = { seq, body, editedAt: editedAt.toISOString() } satisfies RoomEntryData['message.edited']
    await book.log.append(tx, [{ stream: roomStream(roomId), type: 'message.edited', data }])
  }
  return readMessage(tx, roomId, seq)
}
