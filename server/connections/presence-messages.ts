import { z } from 'zod'

/** The people of one node who have a room open: the first by id, 200 at most, and how many there are. */
export type People = { named: string[]; count: number }

/** Someone is typing: for `forMs` from now on, until `untilMs` by the database's clock. */
export type Typing = { userId: string; untilMs: number; forMs: number }

/** How many people one message names, and one packet too. */
export const mostNamed = 200

/** The channel on which each node announces by its id that it is alive. */
export const beatChannel = 'presence'
export const nodeSchema = z.string().min(1).max(64)

/** The channel for messages about a room. */
export function presenceChannel(roomId: string): string {
  return `presence:${roomId}`
}

const userId = z.string().max(64)

/** A message on the channel of a room. */
export const presenceSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('here'),
    node: nodeSchema,
    named: z.array(userId).max(mostNamed),
    count: z.int().min(0),
    /** Requests the same from the other nodes. */
    asks: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('typing'),
    node: nodeSchema,
    typing: z.object({ userId, untilMs: z.number(), forMs: z.int().min(0).max(60_000) }),
  }),
])
export type PresenceMessage = z.infer<typeof presenceSchema>
