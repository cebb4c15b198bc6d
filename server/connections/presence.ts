import type { Backplane } from '#server/backplane/backplane.ts'
import { type Packet, packetOf } from '#server/deliver/encode/packet.ts'
import { mostNamed, type People, type Typing } from './presence-messages.ts'
import { createRemotePresence } from './remote-presence.ts'

/** A connection of somebody, as far as the rooms that it has open go. */
export type Attendant = { readonly userId: string; write(packet: Packet): unknown }

export type Presence = {
  /** Somebody has opened a room on a connection: all in it are told, the newcomer included. */
  enter(roomId: string, attendant: Attendant): void
  leave(roomId: string, attendant: Attendant): void
  isHere(roomId: string, attendant: Attendant): boolean
  /** Tells the others who have the room open that somebody types, from now on for `forMs`, until `untilMs` by the database's clock; 0: no more. */
  typing(roomId: string, from: Attendant, typing: { untilMs: number; forMs: number }): void
  close(): void
}

/** Whoever comes and goes within this time makes one change of it. */
const settleMs = 40
/** Grows with the room, for each change is told to each of them, and names them all. */
const settleMsEach = 1

/**
 * WS7: who has which room open, by the open connections of this node and what other nodes say of theirs: one that is
 * gone, however it went, is not here. Each change names the first 200 to each of them: in a hall full of people those
 * will do.
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

  /** Who is on several nodes counts once, unless they are not among the first 200 of those. */
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

  /** Skip anyone who already has this list. */
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
