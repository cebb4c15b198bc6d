import { randomUUID } from 'node:crypto'
import { Prisma } from '#prisma/generated/client.ts'
import type { Statements } from '#server/database/statements.ts'
import type { Outcomes } from '#server/log/group-commit.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import type { RoomEntryData } from '#server/protocol/chat.ts'
import { type ChatDeps, roomStream } from './chat-deps.ts'
import {
  draftRows,
  handlesOf,
  messageRows,
  type Sending,
  type SentMessage,
  sendMessages,
} from './send-message.ts'

export type SendMessage = (roomId: string, sending: Sending) => Promise<SentMessage>

/** `sendMessages` for single callers: those waiting for the same room are committed together. */
export function createSendMessage(log: Pick<PostgresLog, 'together'>, deps: ChatDeps): SendMessage {
  return log.together(
    roomStream,
    (tx, roomId, sendings: readonly Sending[]) => sendMessages(deps, tx, roomId, sendings),
    (tx, roomId, sendings) => sendPlain(deps, tx, roomId, sendings),
  )
}

/**
 * The fast path for plain messages, which are not replies and mention nobody: one statement instead of five, which
 * halves the node's CPU in a room with one writer. Sends nothing and returns undefined where there is more to decide (a
 * reply, a mention, an author who is not in the room). Throws when a `clientId` was used before.
 */
async function sendPlain(
  { log }: ChatDeps,
  tx: Statements,
  roomId: string,
  sendings: readonly Sending[],
): Promise<Outcomes<SentMessage> | undefined> {
  const isReply = sendings.some(({ draft }) => draft.replyTo !== undefined)
  if (isReply || handlesOf(sendings.map(({ draft }) => draft.body)).length > 0) return undefined
  const authors = [...new Set(sendings.map(({ authorId }) => authorId))]
  const messages = sendings.map(({ authorId, draft: { clientId, body } }) => ({
    ...{ id: randomUUID(), authorId, clientId, body, replyTo: null },
  }))
  const appended = await log.appendWith<{ data: RoomEntryData['message.sent'] }>(tx, {
    before: Prisma.sql`${draftRows(messages)} member AS (
      SELECT "userId" FROM room_member WHERE "roomId" = ${roomId} AND "userId" = ANY(${authors}::text[])
      ORDER BY "userId" FOR UPDATE
    ),`,
    // Not json_build_object, which would put spaces on the wire.
    entries: Prisma.sql`
      SELECT d.ord, ${roomStream(roomId)}::text AS stream, 'message.sent' AS type, row_to_json(data) AS data
      FROM draft d JOIN member ON member."userId" = d."authorId" JOIN "user" u ON u.id = d."authorId",
        LATERAL (SELECT u.id, u.name, u.handle) author,
        LATERAL (SELECT d.id, d."clientId", d."authorId", author, d.body, '[]'::json AS reactions) message,
        LATERAL (SELECT message) data
      WHERE (SELECT count(*) FROM member) = ${authors.length}::int`,
    after: messageRows(roomId),
    giving: Prisma.sql`, data`,
  })
  if (appended.length === 0) return undefined
  return appended.map(({ seq, at, data: { message } }) => ({
    status: 'fulfilled',
    value: { message: { ...message, seq, at: at.toISOString() }, replayed: false },
  }))
}
