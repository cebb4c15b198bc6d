import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import { lockMessage } from './lock-message.ts'
import { membershipOf } from './membership.ts'
import { readMessage } from './read-message.ts'
import { NotAllowedInRoom } from './refusals.ts'
import { type RoomBook, roomStream } from './room-book.ts'

/**
 * Takes back what a message says, wherever it is kept: in its row, and in the entries that carried its words. Its author
 * may, and the owner of the room. Throws `MessageDeleted`, `MessageNotFound`, `NotAllowedInRoom`, `NotAMember`,
 * `RoomNotFound`.
 */
export async function deleteMessage(
  book: RoomBook,
  tx: Transaction,
  userId: string,
  roomId: string,
  seq: number,
): Promise<WireMessage> {
  const { role } = await membershipOf(tx, roomId, userId)
  const { id, authorId } = await lockMessage(tx, roomId, seq)
  if (authorId !== userId && role !== 'owner') {
    throw new NotAllowedInRoom('Only its author or the owner of the room deletes a message')
  }
  const deletedAt = new Date()
  await tx.message.update({ where: { id }, data: { body: '', deletedAt } })
  await tx.reaction.deleteMany({ where: { messageId: id } })
  const stream = roomStream(roomId)
  await blankEntries(book, tx, stream, seq)
  const data = { seq, deletedAt: deletedAt.toISOString() } satisfies RoomEntryData['message.deleted']
  await book.log.append(tx, [{ stream, type: 'message.deleted', data }])
  return readMessage(tx, roomId, seq)
}

/** The entries that carried its words say nothing any more; what they tell besides stays. */
async function blankEntries(book: RoomBook, tx: Transaction, stream: string, seq: number) {
  const entries = await tx.$queryRaw<{ seq: bigint; data: BlankedData }[]>`
    SELECT seq, data FROM log_entry WHERE stream = ${stream} AND (
      (seq = ${seq}::bigint AND type = 'message.sent') OR
      (seq > ${seq}::bigint AND type = 'message.edited' AND (data->>'seq')::bigint = ${seq}::bigint) OR
      (seq > ${seq}::bigint AND type = 'message.sent' AND (data->'message'->'replyTo'->>'seq')::bigint = ${seq}::bigint)
    )`
  for (const entry of entries) await book.log.rewrite(tx, stream, Number(entry.seq), blanked(entry.data, seq))
}

type BlankedData = RoomEntryData['message.sent'] | RoomEntryData['message.edited']

function blanked(data: BlankedData, seq: number): BlankedData {
  if ('body' in data) return { ...data, body: '' }
  const { message } = data
  if (message.replyTo?.seq !== seq) return { message: { ...message, body: '' } }
  const { excerpt: _, ...replyTo } = message.replyTo
  return { message: { ...message, replyTo } }
}
