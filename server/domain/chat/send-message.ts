import { randomUUID } from 'node:crypto'
import { Prisma } from '#prisma/generated/client.ts'
import type { Statements } from '#server/database/statements.ts'
import { entryRows } from '#server/log/append.ts'
import { type Outcomes, outcomeOf } from '#server/log/group-commit.ts'
import type { RoomEntryData, WireMessage } from '#server/protocol/chat.ts'
import type { MessageDraft } from '#server/protocol/chat-schemas.ts'
import { handlesIn } from '#server/protocol/mentions.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { type ChatDeps, mentionKey, roomStream } from './chat-deps.ts'
import { membershipsOf } from './membership.ts'
import { quotesOf, readMessage } from './read-message.ts'
import { ClientIdReused, QuotedMessageNotFound } from './refusals.ts'

/** An author's message to a room. */
export type Sending = { authorId: string; draft: MessageDraft }
export type SentMessage = { message: WireMessage; replayed: boolean }

/**
 * Sends messages to a room, each once: a repeated `clientId` of the same author returns the existing message. Notifies
 * the members mentioned. Many messages take as many statements as one, and each is refused on its own, with
 * `ClientIdReused`, `NotAMember`, `QuotedMessageNotFound` or `RoomNotFound`.
 */
export async function sendMessages(
  deps: ChatDeps,
  tx: Statements,
  roomId: string,
  sendings: readonly Sending[],
): Promise<Outcomes<SentMessage>> {
  const authors = [...new Set(sendings.map(({ authorId }) => authorId))]
  const membership = await membershipsOf(tx, roomId, authors)
  // A statement of its own, after the lock: it must see what was committed while waiting for the lock.
  const known = await sentBefore(tx, roomId, sendings)
  const quotes = await quotesOf(
    tx,
    roomId,
    sendings.flatMap(({ draft }) => draft.replyTo ?? []),
  )
  const fresh = new Map<string, NewMessage>()
  const found = sendings.map((sending) => outcomeOf(() => findOrMake(sending)))
  const sent = await publish(deps, tx, roomId, [...fresh.values()])
  const outcomes: PromiseSettledResult<SentMessage>[] = []
  for (const each of found) outcomes.push(await answer(each))
  return outcomes

  /** A retry returns its message, whatever has happened since to the one it replies to. */
  function findOrMake({ authorId, draft }: Sending): Found {
    const { name: roomName, me: author } = membership(authorId)
    const key = keyOf(authorId, draft.clientId)
    const before = known.get(key) ?? fresh.get(key)
    if (before) return { message: sameAs(before, draft), replayed: true }
    const { clientId, body, replyTo: answered } = draft
    const replyTo = answered === undefined ? undefined : quotes.get(answered)
    if (answered !== undefined && !replyTo)
      throw new QuotedMessageNotFound(`No message ${answered} to answer`)
    const data = {
      ...{ id: randomUUID(), clientId, authorId, author, body },
      ...(replyTo && { replyTo }),
      reactions: [],
    } satisfies SentData
    const message: NewMessage = { roomName, body, replyTo: answered ?? null, hasChanged: false, data }
    fresh.set(key, message)
    return { message, replayed: false }
  }

  async function answer(outcome: PromiseSettledResult<Found>): Promise<PromiseSettledResult<SentMessage>> {
    if (outcome.status === 'rejected') return outcome
    const { message: found, replayed } = outcome.value
    const message = 'seq' in found ? await readMessage(tx, roomId, found.seq) : sent.get(found)
    if (!message) throw new Error('A message was not written')
    return { status: 'fulfilled', value: { message, replayed } }
  }
}

/** Whether the author has already used this `clientId` in the room. */
export async function isSent(db: Statements, roomId: string, sending: Sending): Promise<boolean> {
  return (await sentBefore(db, roomId, [sending])).size > 0
}

type SentData = RoomEntryData['message.sent']['message']
type Content = { body: string; replyTo: number | null; hasChanged: boolean }
type KnownMessage = Content & { seq: number }
type NewMessage = Content & { roomName: string; data: SentData }
type Found = { message: KnownMessage | NewMessage; replayed: boolean }

/** A client id contains no space. */
function keyOf(authorId: string, clientId: string): string {
  return `${clientId} ${authorId}`
}

/** A message that was edited or deleted since still counts as the same. */
function sameAs<Message extends Content>(message: Message, { body, replyTo }: MessageDraft): Message {
  const isSame = message.hasChanged || message.body === body
  if (isSame && message.replyTo === (replyTo ?? null)) return message
  throw new ClientIdReused('The clientId belongs to another message')
}

async function sentBefore(
  tx: Statements,
  roomId: string,
  sendings: readonly Sending[],
): Promise<Map<string, KnownMessage>> {
  type Row = Record<'authorId' | 'clientId' | 'body', string> & {
    seq: bigint
    replyTo: bigint | null
    hasChanged: boolean
  }
  const rows = await tx.$queryRaw<Row[]>`
    SELECT "authorId", "clientId", m.seq, m.body, m."replyTo",
      m."editedAt" IS NOT NULL OR m."deletedAt" IS NOT NULL AS "hasChanged"
    FROM unnest(
      ${sendings.map(({ authorId }) => authorId)}::text[],
      ${sendings.map(({ draft }) => draft.clientId)}::text[]
    ) AS t("authorId", "clientId") JOIN message m USING ("authorId", "clientId") WHERE m."roomId" = ${roomId}`
  return new Map(
    rows.map(({ authorId, clientId, seq, body, replyTo, hasChanged }) => [
      keyOf(authorId, clientId),
      { seq: Number(seq), body, replyTo: replyTo === null ? null : Number(replyTo), hasChanged },
    ]),
  )
}

/** Appends the messages, and notifies the users mentioned. Returns each message as sent on the wire. */
async function publish(
  deps: ChatDeps,
  tx: Statements,
  roomId: string,
  messages: readonly NewMessage[],
): Promise<Map<NewMessage, WireMessage>> {
  if (messages.length === 0) return new Map()
  const stream = roomStream(roomId)
  const entries = messages.map(({ data }) => ({ stream, type: 'message.sent', data: { message: data } }))
  const drafts = messages.map(({ data, replyTo }) => ({ ...data, replyTo }))
  const appended = await deps.log.appendWith(tx, {
    before: draftRows(drafts),
    entries: entryRows(entries),
    after: messageRows(roomId),
  })
  const sent = new Map<NewMessage, WireMessage>()
  for (const [nth, { seq, at }] of appended.entries()) {
    const message = messages[nth]
    if (message) sent.set(message, { ...message.data, seq, at: at.toISOString() })
  }
  await tellMentioned(deps, tx, roomId, sent)
  return sent
}

type DraftRow = { id: string; authorId: string; clientId: string; body: string; replyTo: number | null }

/** A CTE `draft` with the messages that a statement inserts, in the order of their entries. */
export function draftRows(drafts: readonly DraftRow[]): Prisma.Sql {
  return Prisma.sql`draft AS (
      SELECT * FROM unnest(
        ${drafts.map(({ id }) => id)}::text[],
        ${drafts.map(({ authorId }) => authorId)}::text[],
        ${drafts.map(({ clientId }) => clientId)}::text[],
        ${drafts.map(({ body }) => body)}::text[],
        ${drafts.map(({ replyTo }) => replyTo)}::bigint[]
      ) WITH ORDINALITY AS d(id, "authorId", "clientId", body, "replyTo", ord)
    ),`
}

/**
 * Inserts each `draft` with the seq and time of its entry, and moves the authors' read positions up to their own
 * message.
 */
export function messageRows(roomId: string): Prisma.Sql {
  return Prisma.sql`, message_row AS (
      INSERT INTO message (id, "roomId", seq, at, "authorId", "clientId", body, "replyTo")
      SELECT d.id, ${roomId}, a.seq, a.at, d."authorId", d."clientId", d.body, d."replyTo"
      FROM draft d JOIN appended a USING (ord)
      RETURNING "authorId", seq
    ),
    read_up_to AS (
      UPDATE room_member SET "readSeq" = own.seq
      FROM (SELECT "authorId", max(seq) AS seq FROM message_row GROUP BY "authorId") own
      WHERE "roomId" = ${roomId} AND "userId" = own."authorId"
    )`
}

/**
 * Notifies the other members of the room that the messages mention; the first ten handles of each count. After the
 * append: a transaction that locks the stream's head and bells locks them in this order.
 */
async function tellMentioned(
  deps: ChatDeps,
  tx: Statements,
  roomId: string,
  messages: ReadonlyMap<NewMessage, WireMessage>,
): Promise<void> {
  const handles = handlesOf([...messages.keys()].map(({ body }) => body))
  if (handles.length === 0) return
  const members = await tx.$queryRaw<{ id: string; handle: string }[]>`
    SELECT u.id, u.handle FROM "user" u JOIN room_member r ON r."userId" = u.id
    WHERE u.handle = ANY(${handles}::text[]) AND r."roomId" = ${roomId}`
  const idOf = new Map(members.map(({ id, handle }) => [handle, id]))
  const notices = [...messages].flatMap(([{ roomName }, { id, seq, body, author }]) => {
    const data = { roomId, roomName, seq, excerpt: excerptOf(body), by: author }
    const notice = { kind: 'mention' as const, data, by: author.id, key: mentionKey(id) }
    return handlesIn(body).flatMap((handle) => {
      const to = idOf.get(handle)
      return to === undefined || to === author.id ? [] : [{ ...notice, to }]
    })
  })
  if (notices.length > 0) await deps.announce(tx, [], notices)
}

/** The handles mentioned in several texts. */
export function handlesOf(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap(handlesIn))]
}
