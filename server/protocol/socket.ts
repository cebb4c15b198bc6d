/** The WebSocket delivery and its commands on the wire: events of Socket.IO's default namespace. */
import { z } from 'zod'
import type { WireMessage, WireRoomRead } from './chat.ts'
import { messageSchema } from './chat-schemas.ts'
import type { Problem } from './problems.ts'
import type { ResetReason, StreamBye, WireEntry } from './streams.ts'
import type { WireOrder, WireTicks } from './trading.ts'
import { orderPlacementSchema, symbolsSchema } from './trading-schemas.ts'

/** Where Engine.IO answers. */
export const socketPath = '/socket.io/'

/** The most frames of ticks that a connection is sent in a second. */
export const framesPerSecond = 20

const stream = z.string().max(128)
const roomId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

/** What a client may send: each an event with one argument of this shape, and an acknowledgement. */
export const commandSchemas = {
  /** `after` is a cursor or `now`. What neither is, and a name that is none, have problems of their own. */
  follow: z.strictObject({ stream, after: z.string().max(64).optional() }),
  unfollow: z.strictObject({ stream }),
  'chat:send': messageSchema.extend({ roomId }),
  /** `typing: false` takes it back at once. */
  'chat:typing': z.strictObject({ roomId, typing: z.boolean().optional() }),
  'chat:read': z.strictObject({ roomId, upTo: z.int().min(0) }),
  'order:place': orderPlacementSchema,
  'order:cancel': z.strictObject({ orderId: z.string().min(1).max(64) }),
  'prices:watch': z.strictObject({ symbols: symbolsSchema }),
  /** Without `symbols`: all. */
  'prices:unwatch': z.strictObject({ symbols: symbolsSchema.optional() }),
} as const

export type CommandName = keyof typeof commandSchemas
export type Command<Name extends CommandName> = z.infer<(typeof commandSchemas)[Name]>

/** What each command is acknowledged with, besides `ok: true`, after its effect has been committed. */
export type CommandResults = {
  /** `stream` is the real name of `me` and `account`; `head` is its newest cursor. Entries come after this. */
  follow: { stream: string; head: string }
  unfollow: object
  'chat:send': { seq: number; message: WireMessage }
  'chat:typing': object
  'chat:read': WireRoomRead
  'order:place': { id: string; status: WireOrder['status']; order: WireOrder }
  'order:cancel': { order: WireOrder }
  'prices:watch': { snapshot: WireTicks }
  'prices:unwatch': object
}
export type Ack<Name extends CommandName = CommandName> =
  | ({ ok: true } & CommandResults[Name])
  | { ok: false; problem: Problem }

/** What the server sends unasked. */
export type ServerEvents = {
  /** In the order of the log, each entry once. `next` is the cursor to resume from. */
  entries: { stream: string; entries: WireEntry[]; next: string }
  /** The cursor leads nowhere, and entries may be missing; the stream resumes from `head`. */
  reset: { stream: string; head: string; reason: ResetReason }
  /** The server has stopped sending this stream: its entries are no longer the caller's to read. */
  unfollowed: { stream: string; reason: 'right-ended' }
  /** Before the server ends the connection. */
  bye: StreamBye
  /**
   * For `forMs` from when it comes; 0 says that they have stopped. `untilMs` is the same as an instant of the server's
   * clock (epoch ms), which a browser's need not agree with.
   */
  typing: { roomId: string; userId: string; untilMs: number; forMs: number }
  /** Who has the room open now, by user id: 200 at most; `count` tells how many, when there are more. Sent after `follow` and at every change. */
  presence: { roomId: string; here: string[]; count?: number }
  /** To all connections of the reader: how far they have read on any of them. */
  read: { roomId: string } & WireRoomRead
  ticks: WireTicks
}
export type ServerEventName = keyof ServerEvents
