import type { ServerEvents } from '#server/protocol/socket.ts'
import { joined } from './joined.ts'
import type { Aside } from './socket-carrier.ts'

/** What is heard beside the streams: of the moment, and not repeated. */
export type LineEvents = Pick<ServerEvents, Aside['name']>

type Listeners = { [Name in keyof LineEvents]: Set<(event: LineEvents[Name]) => void> }

/**
 * Who hears of what. Who is here is remembered as long as the line stands: the server says it when it changes, and
 * whoever asks later needs it too.
 */
export function createAsides() {
  const here = new Map<string, LineEvents['presence']>()
  const all: Listeners = { typing: new Set(), presence: new Set(), read: new Set(), ticks: new Set() }

  return {
    on<Name extends keyof LineEvents>(name: Name, listener: (event: LineEvents[Name]) => void): () => void {
      const listeners: Set<(event: LineEvents[Name]) => void> = all[name]
      const leave = joined(listeners, listener)
      if (name === 'presence') for (const event of here.values()) listener(event as LineEvents[Name])
      return leave
    },
    tell(aside: Aside) {
      if (aside.name === 'presence') here.set(aside.data.roomId, aside.data)
      const listeners = all[aside.name] as Set<(event: typeof aside.data) => void>
      for (const listener of listeners) listener(aside.data)
    },
    /** Nobody follows the room any more: who comes to it later is told anew. */
    forget: (roomId: string) => here.delete(roomId),
    forgetAll: () => here.clear(),
  }
}
