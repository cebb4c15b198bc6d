import { randomUUID } from 'node:crypto'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { MessageDraft, RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import { excerptOf } from '#server/protocol.ts'
import { membershipOf } from './membership.ts'
import { mentionedIn } from './mentioned.ts'
import { personOf } from './person.ts'
import { quoteOf } from './quote.ts'
import { readMessage } from './read-message.ts'
import { ClientIdReused } from './refusals.ts'
import { type RoomBook, roomStream, seqIn } from './room-book.ts'

export type SentMessage = { message: WireMessage; replayed: boolean }

/**
 * Says something in a room, once: the same `clientId` of the same author gives the message that it made. Tells those in
 * the room whom it mentions. Throws `ClientIdReused`, `MessageNotFound`, `NotAMember`, `RoomNotFound`.
 */
export async function sendMessage(
  book: RoomBook,
  tx: Transaction,
  authorId: string,
  roomId: string,
  draft: MessageDraft,
): Promise<SentMessage> {
  const room = await membershipOf(tx, roomId, authorId)
  const id = randomUUID()
  const { clientId, body } = draft
  const replyTo = draft.replyTo === undefined ? undefined : await quoteOf(tx, roomId, draft.replyTo)
  // The row first: of two at once with one client id, the second waits here for the first, and then finds its message.
  const { count } = await tx.message.createMany({
    data: { id, roomId, authorId, clientId, body, ...(replyTo && { replyTo: replyTo.seq }) },
    skipDuplicates: true,
  })
  if (count === 0) return { message: await sentBefore(tx, authorId, roomId, draft), replayed: true }
  const author = await personOf(tx, authorId)
  const message = {
    ...{ id, clientId, authorId, author, body },
    ...(replyTo && { replyTo }),
    reactions: [],
  } satisfies RoomEntryData['message.sent']['message']
  const stream = roomStream(roomId)
  const notice = {
    kind: 'mention' as const,
    data: { roomId, roomName: room.name, excerpt: excerptOf(body), by: author },
    by: authorId,
    key: `message:${id}`,
  }
  const mentioned = await mentionedIn(tx, roomId, body)
  const entry = { stream, type: 'message.sent', data: { message } }
  const positions = await book.announce(
    tx,
    [entry],
    mentioned.map((to) => ({ ...notice, to })),
  )
  const seq = seqIn(positions, stream)
  const at = await place(tx, { id, roomId, authorId, stream, seq })
  return { message: { ...message, seq, at: at.toISOString() }, replayed: false }
}

async function sentBefore(tx: Transaction, authorId: string, roomId: string, draft: MessageDraft) {
  const { clientId, body, replyTo } = draft
  const sent = await tx.message.findUniqueOrThrow({
    where: { roomId_authorId_clientId: { roomId, authorId, clientId } },
  })
  // What has been edited or deleted since was sent all the same.
  const isSame = sent.body === body || sent.editedAt !== null || sent.deletedAt !== null
  if (!isSame || Number(sent.replyTo ?? 0) !== (replyTo ?? 0)) {
    throw new ClientIdReused('The clientId belongs to another message')
  }
  return readMessage(tx, roomId, Number(sent.seq))
}

/** Gives the row the seq and the time of its entry; who sends has read what was before. */
async function place(
  tx: Transaction,
  {
    id,
    roomId,
    authorId,
    stream,
    seq,
  }: { id: string; roomId: string; authorId: string; stream: string; seq: number },
): Promise<Date> {
  const [placed] = await tx.$queryRaw<{ at: Date }[]>`
    WITH own AS (
      UPDATE room_member SET "readSeq" = ${seq}::bigint WHERE "roomId" = ${roomId} AND "userId" = ${authorId}
    )
    UPDATE message SET seq = e.seq, at = e.at FROM log_entry e
    WHERE message.id = ${id} AND e.stream = ${stream} AND e.seq = ${seq}::bigint
    RETURNING message.at`
  if (!placed) throw new Error(`The entry of message ${id} is gone`)
  return placed.at
}
