import type { Session } from '#server/domain/accounts/session.ts'
import { isDepartureOf } from '#server/domain/chat/memberships.ts'
import type { IsLast } from '#server/log/following.ts'
import type { Context } from './context.ts'
import { Refusal } from './problem.ts'

/**
 * The right to read a room is to be in it. Gives the entry that ends it. Throws 404 for a room that the caller may not
 * know of, and 403 for one that is open to them and that they have not joined.
 */
export async function endOfRoom(
  { memberships }: Pick<Context, 'memberships'>,
  roomId: string,
  { userId }: Session,
): Promise<IsLast> {
  const known = await memberships.current(roomId)
  const membership = known?.roles.has(userId) ? known : await memberships.reread(roomId)
  if (!membership) throw new Refusal('not-found')
  const { roles, upTo } = membership
  if (roles.has(userId)) return (entry) => entry.seq > upTo && isDepartureOf(entry, userId)
  if (await memberships.isOpenTo(userId, roomId, membership)) {
    throw new Refusal('forbidden', 'Join the room first')
  }
  throw new Refusal('not-found')
}
