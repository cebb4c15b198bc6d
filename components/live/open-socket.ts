import type { WebSocket as Transport } from 'socket.io-client'
import type { Ack, Command, CommandName, ServerEventName, ServerEvents } from '#server/protocol/socket.ts'

/** One event that the server pushed. */
export type ServerEvent<Name extends ServerEventName = ServerEventName> = {
  [Each in Name]: { name: Each; data: ServerEvents[Each] }
}[Name]

/** Called in this order; nothing follows `closed`. */
export type ConnectionListener = {
  /** The upgrade succeeded: whatever happens now, no proxy refused it. */
  upgraded(): void
  /** Commands can be sent. */
  opened(): void
  event(event: ServerEvent): void
  closed(): void
}

/** One socket, from the attempt to open it until it ends. */
export type Connection = {
  /** `acknowledged` is never called if the connection ends first. */
  send<Name extends CommandName>(
    name: Name,
    command: Command<Name>,
    acknowledged: (ack: Ack<Name>) => void,
  ): void
  /** Closes it without calling `closed`. */
  close(): void
}

export type OpenConnection = (listener: ConnectionListener) => Connection

type Options = {
  /** `https://host`; the page's own by default. */
  origin?: string
  note: (packet: Packet) => void
  /** The viewer of the page that opens it, if there is one: A4. */
  viewerId?: () => string | undefined
  /** Engine.IO's transport, instead of the browser's own. */
  transport?: typeof Transport
  extraHeaders?: Record<string, string>
}

/**
 * Opens sockets with Socket.IO's client, which is loaded with the first one, so that other pages do not carry it.
 * Socket.IO makes one attempt each time. The caller decides when to retry: Socket.IO knows neither why an attempt
 * failed nor the server's `bye`.
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
          // Socket.IO emits no `disconnect` for a socket that was not open yet.
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

const encoder = new TextEncoder()

/** A subclass of the transport (Engine.IO takes classes) that records each packet's raw text. */
function recordedTransport(
  Base: typeof Transport,
  note: (packet: Packet) => void,
  socket: number,
  upgraded: () => void,
): typeof Transport {
  const pass = (direction: 'sent' | 'received', data: unknown) => {
    const text = String(data)
    note({ type: 'packet', direction, text, bytes: encoder.encode(text).length, atMs: Date.now(), socket })
  }
  return class extends Base {
    override createSocket(...args: Parameters<Transport['createSocket']>): WebSocket {
      note({ type: 'opening', atMs: Date.now(), socket })
      const webSocket: WebSocket = super.createSocket(...args)
      webSocket.addEventListener('open', () => {
        note({ type: 'opened', atMs: Date.now(), socket })
        upgraded()
      })
      webSocket.addEventListener('message', ({ data }) => pass('received', data))
      return webSocket
    }

    override doWrite(...args: Parameters<Transport['doWrite']>): void {
      pass('sent', args[1])
      super.doWrite(...args)
    }
  }
}

/**
 * A tab's socket traffic: each packet's raw text (`42["entries",…]`, `2`), and what became of the connection. `socket`
 * numbers this page's connections; `atMs` is epoch ms.
 */
export type Packet =
  | {
      type: 'packet'
      direction: 'sent' | 'received'
      text: string
      bytes: number
      atMs: number
      socket: number
    }
  | { type: 'opening' | 'opened' | 'closed'; atMs: number; socket: number; why?: string }
