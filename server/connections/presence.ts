import type { Backplane } from '#server/backplane/backplane.ts'
import { type Packet, packetOf } from '#server/deliver/encode/packet.ts'
import { mostNamed, type People, type Typing } from './presence-messages.ts'
import { createRemotePresence } from './remote-presence.ts'

/** Someone's connection, as far as rooms are concerned. */
export type Attendant = { readonly userId: string; write(packet: Packet): unknown }

export type Presence = {
  /** Someone has opened a room on a connection: everyone in it is notified, including the newcomer. */
  enter(roomId: string, attendant: Attendant): void
  leave(roomId: string, attendant: Attendant): void
  isHere(roomId: string, attendant: Attendant): boolean
  /**
   * Tells the others in the room that someone is typing, for `forMs` from now on, until `untilMs` by the database's
   * clock; 0 means they stopped.
   */
  typing(roomId: string, from: Attendant, typing: { untilMs: number; forMs: number }): void
  close(): void
}

/** Joins and leaves within this time count as one change. */
const settleMs = 40
/** Added per connection, because each change is sent to every one and names everybody. */
const settleMsEach = 1

/**
 * WS7: who has which room open, from the open connections of this node and the reports of the others: someone whose
 * connection is gone, for whatever reason, is not present. Each change is sent to everyone in the room and names the
 * first 200, which is enough in a crowded room.
 */
export function createPresence(
  backplane: Pick<Backplane, 'publish' | 'subscribe' | 'onReconnect'>,
  options?: Parameters<typeof createRemotePresence>[2],
): Presence {
  const rooms = new Map<string, Set<Attendant>>()
  const changed = new Map<string, NodeJS.Timeout>()
  const told = new WeakMap<Attendant, Map<string, string>>()
  const remote = createRemotePresence(
    backplane,
    { peopleIn, onChange: change, onTyping: tellTyping },
    options,
  )

  function peopleIn(roomId: string): People {
    const all = [...new Set([...(rooms.get(roomId) ?? [])].map(({ userId }) => userId))].sort()
    return { named: all.slice(0, mostNamed), count: all.length }
  }

  /** Someone on several nodes counts once, unless they are not among the first 200 there. */
  function everybodyIn(roomId: string): People {
    const parts = [peopleIn(roomId), ...remote.peopleIn(roomId)]
    const named = [...new Set(parts.flatMap(({ named }) => named))].sort()
    const unnamed = parts.reduce((sum, part) => sum + part.count - part.named.length, 0)
    return { named: named.slice(0, mostNamed), count: named.length + unnamed }
  }

  function change(roomId: string) {
    const attendants = rooms.get(roomId)
    if (!attendants || changed.has(roomId)) return
    const timer = setTimeout(
      () => {
        changed.delete(roomId)
        remote.update(roomId)
        tell(roomId)
      },
      settleMs + settleMsEach * attendants.size,
    )
    changed.set(roomId, timer)
  }

  /** Sends the list to everyone in the room who does not have it yet. */
  function tell(roomId: string) {
    const attendants = rooms.get(roomId)
    if (!attendants) return
    const { named, count } = everybodyIn(roomId)
    const packet = packetOf('presence', { roomId, here: named, ...(count > named.length && { count }) })
    for (const attendant of attendants) {
      const heard = told.get(attendant) ?? new Map()
      told.set(attendant, heard)
      if (heard.get(roomId) === packet.text) continue
      heard.set(roomId, packet.text)
      attendant.write(packet)
    }
  }

  function tellTyping(roomId: string, { userId, ...typing }: Typing) {
    const packet = packetOf('typing', { roomId, userId, ...typing })
    for (const attendant of rooms.get(roomId) ?? []) if (attendant.userId !== userId) attendant.write(packet)
  }

  return {
    enter(roomId, attendant) {
      const attendants = rooms.get(roomId)
      if (attendants) attendants.add(attendant)
      else {
        rooms.set(roomId, new Set([attendant]))
        remote.open(roomId)
      }
      told.get(attendant)?.delete(roomId)
      change(roomId)
    },
    leave(roomId, attendant) {
      const attendants = rooms.get(roomId)
      if (!attendants?.delete(attendant)) return
      told.get(attendant)?.delete(roomId)
      if (attendants.size > 0) return change(roomId)
      rooms.delete(roomId)
      remote.close(roomId)
    },
    isHere: (roomId, attendant) => rooms.get(roomId)?.has(attendant) ?? false,
    typing(roomId, { userId }, { untilMs, forMs }) {
      tellTyping(roomId, { userId, untilMs, forMs })
      remote.typing(roomId, { userId, untilMs, forMs })
    },
    close() {
      remote.stop()
      for (const timer of changed.values()) clearTimeout(timer)
      changed.clear()
    },
  }
}
