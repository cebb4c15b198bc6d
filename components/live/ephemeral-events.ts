import type { ServerEvents } from '#server/protocol/socket.ts'
import { subscribe } from './listeners.ts'
import type { EphemeralEvent } from './socket-transport.ts'

/** Events outside the streams: transient, and never repeated. */
export type EphemeralEvents = Pick<ServerEvents, EphemeralEvent['name']>

type Listeners = { [Name in keyof EphemeralEvents]: Set<(event: EphemeralEvents[Name]) => void> }

/**
 * The listeners for each kind of event. Presence is kept while the socket is connected, because the server sends it
 * only when it changes and later listeners need it too.
 */
export function createEphemeralEvents() {
  const presence = new Map<string, EphemeralEvents['presence']>()
  const all: Listeners = { typing: new Set(), presence: new Set(), read: new Set(), ticks: new Set() }

  return {
    on<Name extends keyof EphemeralEvents>(
      name: Name,
      listener: (event: EphemeralEvents[Name]) => void,
    ): () => void {
      const listeners: Set<(event: EphemeralEvents[Name]) => void> = all[name]
      const leave = subscribe(listeners, listener)
      if (name === 'presence') {
        for (const event of presence.values()) listener(event as EphemeralEvents[Name])
      }
      return leave
    },
    tell(event: EphemeralEvent) {
      if (event.name === 'presence') presence.set(event.data.roomId, event.data)
      const listeners = all[event.name] as Set<(data: typeof event.data) => void>
      for (const listener of listeners) listener(event.data)
    },
    /** Nobody follows the room any more; the next follower is sent the current state. */
    forget: (roomId: string) => presence.delete(roomId),
    forgetAll: () => presence.clear(),
  }
}
