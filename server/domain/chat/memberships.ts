import { LRUCache } from 'lru-cache'
import type { Feeds } from '#server/log/feeds.ts'
import type { Entry } from '#server/log/log.ts'
import type { RoomEntryData, RoomRole, Visibility } from '#server/protocol/chat.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { roomStream } from './chat-deps.ts'
import type { Reader } from './read-message.ts'

/** The members of a room, as of the seq `upTo` of its stream. */
type Membership = {
  visibility: Visibility
  epoch: string
  upTo: number
  roles: ReadonlyMap<string, RoomRole>
}

export type Memberships = {
  /** The room's members now; no query while this process has them in memory. Undefined when there is no such room. */
  current(roomId: string): Promise<Membership | undefined>
  /** The same from Postgres: someone who joined at another process may arrive here before the entry does. */
  reread(roomId: string): Promise<Membership | undefined>
  /** Whether a room is visible to a user who is not in it. */
  isOpenTo(userId: string, roomId: string, membership: Membership): Promise<boolean>
  /** Drops everything remembered, because the database was replaced. */
  forget(): void
}

const rememberedRooms = 5_000

/**
 * The memberships known to this process. Joins and departures are entries of the room's own stream, so a membership is
 * kept current by reading that stream: access to a stream is never older than what is read from it.
 */
export function createMemberships(db: Reader, feeds: Feeds, log: { epoch(): string }): Memberships {
  const rooms = new LRUCache<string, Membership>({ max: rememberedRooms })
  const reading = new Map<string, Promise<Membership | undefined>>()

  /** Possibly outdated: one read serves all concurrent callers, and each reads on from it. */
  function known(roomId: string): Membership | Promise<Membership | undefined> {
    const found = rooms.get(roomId) ?? reading.get(roomId)
    if (found) return found
    const coming = reread(roomId).finally(() => reading.delete(roomId))
    reading.set(roomId, coming)
    return coming
  }

  async function reread(roomId: string): Promise<Membership | undefined> {
    const now = await read(db, log.epoch(), roomId)
    if (now) rooms.set(roomId, now)
    else rooms.delete(roomId)
    return now
  }

  return {
    async current(roomId) {
      const before = await known(roomId)
      if (!before) return undefined
      const { epoch, upTo } = before
      const batch = await feeds.read(roomStream(roomId), { epoch, seq: upTo })
      // This far behind, one statement is less to read; and after a change of epoch there is nothing to read on from.
      if (batch.type === 'reset' || batch.more) return reread(roomId)
      if (batch.entries.length === 0) return before
      const now = { ...before, upTo: batch.next.seq, roles: batch.entries.reduce(after, before.roles) }
      rooms.set(roomId, now)
      return now
    },
    reread,
    forget() {
      rooms.clear()
      reading.clear()
    },
    async isOpenTo(userId, roomId, { visibility }) {
      return visibility === 'public' || isInvited(db, userId, roomId)
    },
  }
}

/** The roles after applying an entry. */
function after(roles: ReadonlyMap<string, RoomRole>, entry: Entry): ReadonlyMap<string, RoomRole> {
  if (entry.type !== 'member.joined' && entry.type !== 'member.left') return roles
  const changed = new Map(roles)
  const { data } = JSON.parse(entry.json) as WireEntry
  if (entry.type === 'member.joined') {
    const { member } = data as RoomEntryData['member.joined']
    changed.set(member.id, member.role)
  } else changed.delete((data as RoomEntryData['member.left']).userId)
  return changed
}

/** Whether an entry is this user's departure from the room. */
export function isDepartureOf(entry: Entry, userId: string): boolean {
  if (entry.type !== 'member.left') return false
  const { data } = JSON.parse(entry.json) as WireEntry<RoomEntryData['member.left']>
  return data.userId === userId
}

async function isInvited(db: Reader, userId: string, roomId: string): Promise<boolean> {
  const found = await db.$queryRaw<unknown[]>`
    SELECT FROM room_invitation WHERE "roomId" = ${roomId} AND "userId" = ${userId}`
  return found.length > 0
}

/** One statement, hence one snapshot. */
async function read(db: Reader, epoch: string, roomId: string): Promise<Membership | undefined> {
  const rows = await db.$queryRaw<
    { visibility: Visibility; head: bigint; userId: string | null; role: RoomRole }[]
  >`
    SELECT r.visibility, coalesce(h.seq, 0) AS head, m."userId", m.role FROM room r
    LEFT JOIN log_head h ON h.stream = ${roomStream(roomId)}
    LEFT JOIN room_member m ON m."roomId" = r.id
    WHERE r.id = ${roomId}`
  const [first] = rows
  if (!first) return undefined
  const roles = rows.flatMap(({ userId, role }): [string, RoomRole][] =>
    userId === null ? [] : [[userId, role]],
  )
  return { visibility: first.visibility, epoch, upTo: Number(first.head), roles: new Map(roles) }
}
