import { randomBytes } from 'node:crypto'
import type { Statements } from '#server/database/statements.ts'
import type { NewEntry, StreamHead } from '#server/log/log.ts'
import type { PostgresLog, Transaction } from '#server/log/postgres-log.ts'
import type { Notice } from '#server/protocol/notifications.ts'

/** What the verbs of this folder depend on: the log, and how users are notified. */
export type ChatDeps = {
  log: Pick<PostgresLog, 'append' | 'appendWith' | 'rewrite' | 'epoch'>
  /** Appends `entries` and the notifications in one append. */
  announce(
    tx: Statements,
    entries: readonly NewEntry[],
    notices: readonly RoomNotice[],
  ): Promise<StreamHead[]>
  /** Removes the text from the notifications under a key to these handles; call it after the append. */
  redactNotifications(tx: Transaction, key: string, handles: readonly string[]): Promise<void>
}

type RoomNotice = Extract<Notice, { kind: 'mention' | 'invitation' }> & {
  to: string
  by: string
  key: string
}

export function roomStream(roomId: string): string {
  return `room:${roomId}`
}

/** The room of a stream; undefined when it is not a room's stream. */
export function roomIdOf(stream: string): string | undefined {
  return stream.startsWith('room:') ? stream.slice('room:'.length) : undefined
}

/** The key of a message's mentions: nobody is notified twice of the same message. */
export function mentionKey(messageId: string): string {
  return `message:${messageId}`
}

/** A room's id in paths: 72 random bits, or a word for the demo's rooms. */
export const roomIdPattern = /^[A-Za-z0-9_-]{1,64}$/

export function newRoomId(): string {
  return randomBytes(9).toString('base64url')
}

/** The seq of a stream's last appended entry. Throws when there is none. */
export function seqIn(positions: readonly StreamHead[], stream: string): number {
  const position = positions.find((each) => each.stream === stream)
  if (!position) throw new Error(`Nothing was appended to ${stream}`)
  return position.seq
}
