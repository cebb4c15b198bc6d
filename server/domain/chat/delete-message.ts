import { timeOf } from '#server/database/clock.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import { type ChatDeps, mentionKey, roomStream } from './chat-deps.ts'
import { membershipOf } from './membership.ts'
import { lockMessage, readMessage } from './read-message.ts'
import { NotAllowedInRoom } from './refusals.ts'
import { handlesOf } from './send-message.ts'

/**
 * Takes back what a message says, wherever it is kept: in its row, in the entries that carried its words, and in what
 * those were told whom it mentioned. Its author may, and the owner of the room; deleting it again does nothing. Throws
 * `MessageNotFound`, `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`.
 */
export async function deleteMessage(
  deps: ChatDeps,
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
  await deps.log.append(tx, [{ stream, type: 'message.deleted', data }])
  const said = await blankEntries(deps, tx, roomId, seq)
  await deps.redactNotifications(tx, mentionKey(id), handlesOf([body, ...said]))
  return readMessage(tx, roomId, seq)
}

/**
 * The entries that carried a message's words say nothing any more, and those that quoted it quote nothing; what they
 * tell besides stays. Gives the words. Comes after the transaction's `append` to the room's stream.
 */
async function blankEntries(deps: ChatDeps, tx: Transaction, roomId: string, seq: number): Promise<string[]> {
  const stream = roomStream(roomId)
  // Each kind by itself: one condition for all would parse the JSON of every later entry.
  const entries = await tx.$queryRaw<{ seq: bigint; data: Worded }[]>`
    SELECT seq, data FROM log_entry WHERE stream = ${stream} AND seq = ${seq}::bigint
    UNION ALL
    SELECT e.seq, e.data FROM message m JOIN log_entry e ON e.stream = ${stream} AND e.seq = m.seq
    WHERE m."roomId" = ${roomId} AND m.seq > ${seq}::bigint AND m."replyTo" = ${seq}::bigint
    UNION ALL
    SELECT seq, data FROM log_entry WHERE stream = ${stream} AND seq > ${seq}::bigint
      AND type = 'message.edited' AND (data->>'seq')::bigint = ${seq}::bigint`
  for (const entry of entries) {
    await deps.log.rewrite(tx, stream, Number(entry.seq), blanked(entry.data, seq))
  }
  return entries.flatMap(({ data }) => wordsOf(data, seq))
}

type Worded = RoomEntryData['message.sent'] | RoomEntryData['message.edited']

/** A message of its own, not one that answers it. */
function isIts({ message }: RoomEntryData['message.sent'], seq: number): boolean {
  return message.replyTo?.seq !== seq
}

function wordsOf(data: Worded, seq: number): string[] {
  if ('body' in data) return [data.body]
  return isIts(data, seq) ? [data.message.body] : []
}

function blanked(data: Worded, seq: number): Worded {
  if ('body' in data) return { ...data, body: '' }
  const { message } = data
  if (isIts(data, seq) || !message.replyTo) return { message: { ...message, body: '' } }
  const { excerpt: _, ...replyTo } = message.replyTo
  return { message: { ...message, replyTo } }
}
