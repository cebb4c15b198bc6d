import { type Packet, packetOf } from '#server/deliver/encode/packet.ts'

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

/** Each change names those who are here to each of them: in a hall full of people the first of them will do. */
const mostNamed = 200

/**
 * WS7: who has which room open on this node, by its open connections: one that is gone, however it went, is not here.
 */
export function createPresence(): Presence {
  const rooms = new Map<string, Set<Attendant>>()
  const changed = new Map<string, NodeJS.Timeout>()
  const told = new WeakMap<Attendant, Map<string, string>>()

  function change(roomId: string, attendants: ReadonlySet<Attendant>) {
    if (changed.has(roomId)) return
    const timer = setTimeout(
      () => {
        changed.delete(roomId)
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
    const all = [...new Set([...attendants].map(({ userId }) => userId))].sort()
    const here = all.slice(0, mostNamed)
    const packet = packetOf('presence', {
      roomId,
      here,
      ...(all.length > mostNamed && { count: all.length }),
    })
    for (const attendant of attendants) {
      const heard = told.get(attendant) ?? new Map()
      told.set(attendant, heard)
      if (heard.get(roomId) === packet.text) continue
      heard.set(roomId, packet.text)
      attendant.write(packet)
    }
  }

  return {
    enter(roomId, attendant) {
      const attendants = rooms.get(roomId) ?? new Set()
      rooms.set(roomId, attendants)
      attendants.add(attendant)
      told.get(attendant)?.delete(roomId)
      change(roomId, attendants)
    },
    leave(roomId, attendant) {
      const attendants = rooms.get(roomId)
      if (!attendants?.delete(attendant)) return
      told.get(attendant)?.delete(roomId)
      if (attendants.size === 0) rooms.delete(roomId)
      else change(roomId, attendants)
    },
    isHere: (roomId, attendant) => rooms.get(roomId)?.has(attendant) ?? false,
    typing(roomId, from, typing) {
      const packet = packetOf('typing', { roomId, userId: from.userId, ...typing })
      for (const attendant of rooms.get(roomId) ?? []) {
        if (attendant.userId !== from.userId) attendant.write(packet)
      }
    },
    close() {
      for (const timer of changed.values()) clearTimeout(timer)
      changed.clear()
    },
  }
}
