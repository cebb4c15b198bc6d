import { randomUUID } from 'node:crypto'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { MessageDraft, RoomEntryData, WireMessage, WireQuote } from '#server/protocol/chat.ts'
import { handlesIn } from '#server/protocol/mentions.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { type ChatDeps, mentionKey, personOf, roomStream, seqIn } from './chat-deps.ts'
import { membershipOf } from './membership.ts'
import { readMessage } from './read-message.ts'
import { ClientIdReused, QuotedMessageNotFound } from './refusals.ts'

export type SentMessage = { message: WireMessage; replayed: boolean }

/**
 * Says something in a room, once: the same `clientId` of the same author gives the message that it made. Tells those in
 * the room whom it mentions. Throws `ClientIdReused`, `NotAMember`, `NothingToAnswer`, `RoomNotFound`.
 */
export async function sendMessage(
  deps: ChatDeps,
  tx: Transaction,
  authorId: string,
  roomId: string,
  draft: MessageDraft,
): Promise<SentMessage> {
  const { name, me } = await membershipOf(tx, roomId, authorId)
  const id = randomUUID()
  const { clientId, body, replyTo: answered } = draft
  // The row first: a retry gets its answer whatever has become since of what it answers.
  const inserted = await tx.$executeRaw`
    INSERT INTO message (id, "roomId", "authorId", "clientId", body, "replyTo")
    VALUES (${id}, ${roomId}, ${authorId}, ${clientId}, ${body}, ${answered ?? null}::bigint) ON CONFLICT DO NOTHING`
  if (inserted === 0) return { message: await sentBefore(tx, authorId, roomId, draft), replayed: true }
  const replyTo = answered === undefined ? undefined : await quoteOf(tx, roomId, answered)
  const message = {
    ...{ id, clientId, authorId, author: me, body },
    ...(replyTo && { replyTo }),
    reactions: [],
  } satisfies SentData
  const placed = { id, roomId, authorId, stream: roomStream(roomId) }
  const seq = await publish(deps, tx, name, placed, message)
  const at = await placeMessage(tx, { ...placed, seq })
  return { message: { ...message, seq, at: at.toISOString() }, replayed: false }
}

/** Whether the author has sent a message under this `clientId` before. */
export async function findSentMessage(
  db: Pick<Transaction, 'message'>,
  authorId: string,
  roomId: string,
  { clientId }: Pick<MessageDraft, 'clientId'>,
): Promise<boolean> {
  const where = { roomId_authorId_clientId: { roomId, authorId, clientId } }
  return (await db.message.findUnique({ where, select: { id: true } })) !== null
}

type SentData = RoomEntryData['message.sent']['message']

/** Appends the message, and tells those whom it mentions. Gives its seq. */
async function publish(
  deps: ChatDeps,
  tx: Transaction,
  roomName: string,
  { id, roomId, authorId, stream }: Omit<PlacedMessage, 'seq'>,
  message: SentData,
): Promise<number> {
  const entry = { stream, type: 'message.sent', data: { message } }
  const mentioned = await mentionedIn(tx, { roomId, authorId }, message.body)
  if (mentioned.length === 0) return seqIn(await deps.log.append(tx, [entry]), stream)
  const seq = await nextSeq(tx, stream)
  const notice = {
    kind: 'mention' as const,
    data: { roomId, roomName, seq, excerpt: excerptOf(message.body), by: message.author },
    by: authorId,
    key: mentionKey(id),
  }
  await deps.announce(
    tx,
    [entry],
    mentioned.map((to) => ({ ...notice, to })),
  )
  return seq
}

/**
 * The seq that the next entry will have. Takes the stream's head until the commit, as the append would, and before any
 * bell: a transaction that takes both takes them in this order.
 */
async function nextSeq(tx: Transaction, stream: string): Promise<number> {
  const [head] = await tx.$queryRaw<{ seq: bigint }[]>`
    SELECT seq FROM log_head WHERE stream = ${stream} FOR UPDATE`
  return Number(head?.seq ?? 0) + 1
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

/**
 * What a reply says of the message that it answers, which cannot be deleted meanwhile: a deletion then finds
 * the reply, and takes the words out of it too. Throws `NothingToAnswer`, also for one that was deleted.
 */
async function quoteOf(tx: Transaction, roomId: string, seq: number): Promise<WireQuote> {
  const [message] = await tx.$queryRaw<{ authorId: string; body: string }[]>`
    SELECT "authorId", body FROM message
    WHERE "roomId" = ${roomId} AND seq = ${seq}::bigint AND "deletedAt" IS NULL FOR SHARE`
  if (!message) throw new QuotedMessageNotFound(`No message ${seq} to answer`)
  return { seq, author: await personOf(tx, message.authorId), excerpt: excerptOf(message.body) }
}

type PlacedMessage = { id: string; roomId: string; authorId: string; stream: string; seq: number }

/** Gives a message the seq and the time of its entry, and gives the time; who sends has read what was before. */
async function placeMessage(
  tx: Transaction,
  { id, roomId, authorId, stream, seq }: PlacedMessage,
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

/** The ids of the others in a room whom a text mentions: the first ten handles of it count. */
async function mentionedIn(
  tx: Transaction,
  { roomId, authorId }: { roomId: string; authorId: string },
  text: string,
): Promise<string[]> {
  const handles = handlesIn(text)
  if (handles.length === 0) return []
  const people = await tx.user.findMany({
    where: { handle: { in: handles }, rooms: { some: { roomId } }, id: { not: authorId } },
    select: { id: true },
  })
  return people.map(({ id }) => id)
}

/** The handles that several texts mention. */
export function handlesOf(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap(handlesIn))]
}
