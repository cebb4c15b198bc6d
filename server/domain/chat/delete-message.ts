import { timeOf } from '#server/database/clock.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import { type ChatDeps, mentionKey, roomStream } from './chat-deps.ts'
import { membershipOf } from './membership.ts'
import { lockMessage, readMessage } from './read-message.ts'
import { NotAllowedInRoom } from './refusals.ts'
import { handlesOf } from './send-message.ts'

/**
 * Deletes a message's text everywhere: in its row, in the entries that carry it, and in the notifications of those it
 * mentions. Allowed for its author and the room's owner; repeated, it does nothing. Throws `MessageNotFound`,
 * `NotAllowedInRoom`, `NotAMember`, `RoomNotFound`.
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
  // Append before blanking: while this transaction holds the lock of the stream's head, nobody else can rewrite or trim
  // its entries.
  await deps.log.append(tx, [{ stream, type: 'message.deleted', data }])
  const said = await blankEntries(deps, tx, roomId, seq)
  await deps.redactNotifications(tx, mentionKey(id), handlesOf([body, ...said]))
  return readMessage(tx, roomId, seq)
}

/**
 * Blanks the text of a message in the entries that carry it and in those that quote it; everything else in them stays.
 * Returns the texts. Call it after the transaction's `append` to the room's stream.
 */
async function blankEntries(deps: ChatDeps, tx: Transaction, roomId: string, seq: number): Promise<string[]> {
  const stream = roomStream(roomId)
  // A query per kind of entry: a single condition for all would parse the JSON of every later entry.
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

/** Whether the entry is the message itself, rather than a reply to it. */
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
