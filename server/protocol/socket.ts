/** The WebSocket delivery and its commands on the wire: events of Socket.IO's default namespace. */
import { z } from 'zod'
import type { WireMessage, WireRoomRead } from './chat.ts'
import { messageSchema } from './chat-schemas.ts'
import type { Problem } from './problems.ts'
import type { ResetReason, StreamBye, WireEntry } from './streams.ts'
import type { WireOrder, WireTicks } from './trading.ts'
import { orderPlacementSchema, symbolsSchema } from './trading-schemas.ts'

/** The path of Engine.IO. */
export const socketPath = '/socket.io/'

/** The maximum number of tick frames per second and connection. */
export const framesPerSecond = 20

const stream = z.string().max(128)
const roomId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

/** The commands of a client: each an event with one argument of this shape, and an acknowledgement. */
export const commandSchemas = {
  /** `after` is a cursor or `now`. An invalid one, and an invalid name, have problems of their own. */
  follow: z.strictObject({ stream, after: z.string().max(64).optional() }),
  unfollow: z.strictObject({ stream }),
  'chat:send': messageSchema.extend({ roomId }),
  /** `typing: false` ends it at once. */
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

/** What each command is acknowledged with, besides `ok: true`, once its effect is committed. */
export type CommandResults = {
  /**
   * `stream` is the real name of `me` or `account`; `head` is its newest cursor. Entries follow this acknowledgement.
   */
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

/** The events that the server sends. */
export type ServerEvents = {
  /** In log order, each entry once. `next` is the cursor to resume from. */
  entries: { stream: string; entries: WireEntry[]; next: string }
  /** The cursor cannot be resumed, and entries may be missing; the stream continues from `head`. */
  reset: { stream: string; head: string; reason: ResetReason }
  /** The server has stopped sending this stream: the caller may no longer read it. */
  unfollowed: { stream: string; reason: 'right-ended' }
  /** Before the server ends the connection. */
  bye: StreamBye
  /**
   * Valid for `forMs` from arrival; 0 means that they stopped. `untilMs` is the same as an instant of the server's
   * clock (epoch ms), which a browser's clock may not agree with.
   */
  typing: { roomId: string; userId: string; untilMs: number; forMs: number }
  /**
   * The users who have the room open now, at most 200 ids; `count` is the total when there are more. Sent after
   * `follow` and at every change.
   */
  presence: { roomId: string; here: string[]; count?: number }
  /** To all connections of the reader: how far they have read, on any of them. */
  read: { roomId: string } & WireRoomRead
  ticks: WireTicks
}
export type ServerEventName = keyof ServerEvents
