import { timeOf } from '#server/database/clock.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import { type ChatDeps, roomStream } from './chat-deps.ts'
import { membershipOf } from './membership.ts'
import { lockUndeletedMessage, readMessage } from './read-message.ts'
import { NotAllowedInRoom } from './refusals.ts'

/**
 * Changes the text of one's own message; the same text changes nothing. Throws `MessageDeleted`, `MessageNotFound`,
 * `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`.
 */
export async function editMessage(
  deps: ChatDeps,
  tx: Transaction,
  userId: string,
  roomId: string,
  seq: number,
  { body }: { body: string },
): Promise<WireMessage> {
  await membershipOf(tx, roomId, userId)
  const message = await lockUndeletedMessage(tx, roomId, seq)
  if (message.authorId !== userId) throw new NotAllowedInRoom('Only its author edits a message')
  if (message.body !== body) {
    const editedAt = await timeOf(tx)
    await tx.message.update({ where: { id: message.id }, data: { body, editedAt } })
    const data = { seq, body, editedAt: editedAt.toISOString() } satisfies RoomEntryData['message.edited']
    await deps.log.append(tx, [{ stream: roomStream(roomId), type: 'message.edited', data }])
  }
  return readMessage(tx, roomId, seq)
}
