import { Prisma } from '#prisma/generated/client.ts'
import type { Statements } from '#server/database/statements.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireMessage, WireQuote, WireReaction } from '#server/protocol/chat.ts'
import type { Person } from '#server/protocol/people.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { MessageDeleted, MessageNotFound } from './refusals.ts'

export type Reader = Pick<Statements, '$queryRaw'>

/** A message as the members of its room see it. Throws `MessageNotFound`. */
export async function readMessage(db: Reader, roomId: string, seq: number): Promise<WireMessage> {
  const [row] = await db.$queryRaw<MessageRow[]>`
    SELECT ${messageColumns} FROM message m ${messageJoins}
    WHERE m."roomId" = ${roomId} AND m.seq = ${seq}::bigint`
  if (!row) throw new MessageNotFound(`No message ${seq}`)
  return wireMessage(row)
}

export type MessageRow = {
  id: string
  seq: bigint
  at: Date
  clientId: string
  author: Person
  body: string
  editedAt: Date | null
  deletedAt: Date | null
  quote: { seq: number; author: Person; body: string; isDeleted: boolean } | null
  reactions: Required<WireReaction>[]
}

/** For a message `m` with its author `u`, and the message `q` that it replies to, with its author `v`. */
export const messageColumns = Prisma.sql`
  m.id, m.seq, m.at, m."clientId", m.body, m."editedAt", m."deletedAt",
  json_build_object('id', u.id, 'name', u.name, 'handle', u.handle) AS author,
  CASE WHEN q.id IS NOT NULL THEN json_build_object('seq', q.seq, 'body', left(q.body, 200),
    'isDeleted', q."deletedAt" IS NOT NULL,
    'author', json_build_object('id', v.id, 'name', v.name, 'handle', v.handle)) END AS quote,
  (SELECT coalesce(json_agg(json_build_object('emoji', g.emoji, 'by', g.by, 'count', g.count) ORDER BY g.first, g.emoji), '[]') FROM (
    SELECT emoji, min("createdAt") AS first, count(*)::int AS count,
      (array_agg("userId" ORDER BY "createdAt", "userId"))[1:50] AS by
    FROM reaction WHERE "messageId" = m.id GROUP BY emoji) g) AS reactions`

export const messageJoins = Prisma.sql`JOIN "user" u ON u.id = m."authorId"
  LEFT JOIN message q ON q."roomId" = m."roomId" AND q.seq = m."replyTo" LEFT JOIN "user" v ON v.id = q."authorId"`

export function wireMessage(row: MessageRow): WireMessage {
  const { id, seq, at, clientId, author, body, editedAt, deletedAt, quote, reactions } = row
  return {
    ...{ id, seq: Number(seq), clientId, authorId: author.id, author, body, at: at.toISOString() },
    ...(editedAt && { editedAt: editedAt.toISOString() }),
    ...(deletedAt && { deletedAt: deletedAt.toISOString() }),
    ...(quote && {
      replyTo: {
        seq: quote.seq,
        author: quote.author,
        ...(!quote.isDeleted && { excerpt: excerptOf(quote.body) }),
      },
    }),
    reactions: reactions.map(({ emoji, by, count }) => ({ emoji, by, ...(count > by.length && { count }) })),
  }
}

/**
 * The quotes for replies, by the seq of the quoted message; deleted ones are omitted. Locked FOR SHARE, so that none is
 * deleted meanwhile: a later deletion finds the reply, and blanks its quote too.
 */
export async function quotesOf(
  tx: Statements,
  roomId: string,
  seqs: readonly number[],
): Promise<Map<number, WireQuote>> {
  if (seqs.length === 0) return new Map()
  const rows = await tx.$queryRaw<{ seq: bigint; author: Person; body: string }[]>`
    SELECT m.seq, m.body, json_build_object('id', u.id, 'name', u.name, 'handle', u.handle) AS author
    FROM message m JOIN "user" u ON u.id = m."authorId"
    WHERE m."roomId" = ${roomId} AND m.seq = ANY(${seqs}::bigint[]) AND m."deletedAt" IS NULL
    ORDER BY m.seq FOR SHARE OF m`
  return new Map(
    rows.map(({ seq, author, body }) => [
      Number(seq),
      { seq: Number(seq), author, excerpt: excerptOf(body) },
    ]),
  )
}

type LockedMessage = { id: string; authorId: string; body: string; deletedAt: Date | null }

/** Locks a message until the transaction ends, so that changes to it are serialised. Throws `MessageNotFound`. */
export async function lockMessage(tx: Transaction, roomId: string, seq: number): Promise<LockedMessage> {
  const [message] = await tx.$queryRaw<LockedMessage[]>`
    SELECT id, "authorId", body, "deletedAt" FROM message
    WHERE "roomId" = ${roomId} AND seq = ${seq}::bigint FOR NO KEY UPDATE`
  if (!message) throw new MessageNotFound(`No message ${seq}`)
  return message
}

/** The same for a message that is not deleted. Throws `MessageDeleted`, `MessageNotFound`. */
export async function lockUndeletedMessage(
  tx: Transaction,
  roomId: string,
  seq: number,
): Promise<LockedMessage> {
  const message = await lockMessage(tx, roomId, seq)
  if (message.deletedAt) throw new MessageDeleted('The message was deleted')
  return message
}
