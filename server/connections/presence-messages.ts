import { z } from 'zod'

/** The people of one node who have a room open: the first of them by id, 200 at most, and how many there are. */
export type People = { named: string[]; count: number }

/** Somebody types: from now on for `forMs`, until `untilMs` by the database's clock. */
export type Typing = { userId: string; untilMs: number; forMs: number }

/** How many people a message names, as many as a packet does. */
export const mostNamed = 200

/** On which each node says, by its id, that it lives. */
export const beatChannel = 'presence'
export const nodeSchema = z.string().min(1).max(64)

/** On which the nodes speak of a room. */
export function presenceChannel(roomId: string): string {
  return `presence:${roomId}`
}

const userId = z.string().max(64)

/** What is said on the channel of a room. */
export const presenceSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('here'),
    node: nodeSchema,
    named: z.array(userId).max(mostNamed),
    count: z.int().min(0),
    /** The others are to say the same of themselves. */
    asks: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('typing'),
    node: nodeSchema,
    typing: z.object({ userId, untilMs: z.number(), forMs: z.int().min(0).max(60_000) }),
  }),
])
export type PresenceMessage = z.infer<typeof presenceSchema>
