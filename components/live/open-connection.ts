import type { WebSocket as Transport } from 'socket.io-client'
import type { Ack, CommandName } from '#server/protocol/socket.ts'
import type { Connection, OpenConnection, ServerEvent } from './connection.ts'
import type { Packet } from './packet.ts'
import { recordedTransport } from './recorded-transport.ts'

type Options = {
  /** `https://host`; by default the page's own. */
  origin?: string
  note: (packet: Packet) => void
  /** Whose page opens it, if anybody's: A4. */
  viewerId?: () => string | undefined
  /** Engine.IO's, when it is not the browser's own. */
  transport?: typeof Transport
  extraHeaders?: Record<string, string>
}

/**
 * Opens sockets by Socket.IO's client, which is loaded with the first one: other pages do not carry it.
 *
 * It is given one try each. When to try again is decided elsewhere, for it could neither know why it failed nor obey
 * the server's `bye`.
 */
export function connector({ origin, note, viewerId, transport, extraHeaders }: Options): OpenConnection {
  let sockets = 0
  return (listener) => {
    const number = ++sockets
    let over = false
    let open = true
    let close: () => void = () => undefined
    let send: Connection['send'] = () => undefined
    const ended = (why: string) => {
      if (!open) return
      open = false
      note({ type: 'closed', atMs: Date.now(), socket: number, why })
      if (!over) listener.closed()
      over = true
    }

    void import('socket.io-client').then(
      ({ io, WebSocket }) => {
        if (over) return
        const recorded = recordedTransport(transport ?? WebSocket, note, number, () => {
          if (!over) listener.upgraded()
        })
        const viewer = viewerId?.()
        const socket = io(origin ?? window.location.origin, {
          path: '/socket.io/',
          transports: [recorded],
          forceNew: true,
          reconnection: false,
          ...(viewer !== undefined && { query: { viewer } }),
          ...(extraHeaders && { extraHeaders }),
        })
        close = () => {
          socket.disconnect()
          // One that was not open yet is not told to have been disconnected.
          ended('io client disconnect')
        }
        send = (name, command, acknowledged) =>
          void socket.emit(name, command, (ack: Ack<CommandName>) => acknowledged(ack as Ack<typeof name>))
        socket.on('connect', () => {
          if (!over) listener.opened()
        })
        socket.on('connect_error', () => {
          socket.disconnect()
          ended('transport error')
        })
        socket.on('disconnect', ended)
        socket.onAny((name: string, data: unknown) => {
          if (!over) listener.event({ name, data } as ServerEvent)
        })
      },
      () => ended('transport error'),
    )
    return {
      send: (name, command, acknowledged) => send(name, command, acknowledged),
      close() {
        over = true
        close()
      },
    }
  }
}
