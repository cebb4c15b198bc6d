import { type AddressInfo, connect, createServer } from 'node:net'
import { type Flow, type JoinedSockets, joinSockets, type LinkOptions } from './join-sockets.ts'

/** A breakable proxy between a client and a server on this machine. */
export type TcpProxy = Link & {
  /** Carries requests, and holds back responses until `thaw`. */
  holdAnswers(): void
  /**
   * Silently drops open connections, like a middlebox that loses its entry: they carry nothing more, even after `thaw`,
   * except in a direction named by `carries`. New connections are unaffected.
   */
  swallow(carries?: Partial<Flow>): void
}

/** A reconnect storm arrives all at once. */
const backlog = 4_096

/** Listens on a free loopback port and forwards each connection to `target`. */
export async function tcpProxy(
  target: { port: number; host?: string },
  manner: LinkOptions = {},
): Promise<TcpProxy> {
  // Not all of `target`, which may be a node with properties that `connect` would take for options.
  const { port, host = '127.0.0.1' } = target
  const connections = new Set<JoinedSockets>()
  const swallowed = new Set<JoinedSockets>()
  const passed = { up: 0, down: 0 }
  let refusing = false
  let flow: Flow = { there: true, back: true }

  function carry(next: Flow) {
    flow = next
    for (const connection of connections) if (!swallowed.has(connection)) connection.carry(flow)
  }

  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (near) => {
    if (refusing) return void near.resetAndDestroy()
    const far = connect({ host, port, allowHalfOpen: true, noDelay: true })
    const connection = joinSockets(near, far, manner, passed)
    connections.add(connection)
    near.once('close', () => {
      connections.delete(connection)
      swallowed.delete(connection)
    })
    connection.carry(flow)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port: 0, host: '127.0.0.1', backlog }, resolve)
  })

  const cut = () => {
    for (const connection of connections) connection.cut()
    connections.clear()
    swallowed.clear()
  }
  return {
    port: (server.address() as AddressInfo).port,
    bytesUp: () => passed.up,
    bytesDown: () => passed.down,
    open: () => connections.size,
    cut,
    refuse() {
      refusing = true
    },
    accept() {
      refusing = false
    },
    freeze: () => carry({ there: false, back: false }),
    holdAnswers: () => carry({ there: true, back: false }),
    thaw: () => carry({ there: true, back: true }),
    swallow(carries = {}) {
      for (const connection of connections) {
        swallowed.add(connection)
        connection.carry({ there: false, back: false, ...carries })
      }
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      cut()
      await closed
    },
  }
}

/** A real network link between clients and one port of this machine. It listens on IPv4 loopback. */
export type Link = {
  port: number
  /** Over all connections so far: bytes from and to clients, measured on the client's side. */
  bytesUp(): number
  bytesDown(): number
  open(): number
  /** Resets every connection; new ones are accepted, unless `refuse` was called. */
  cut(): void
  refuse(): void
  accept(): void
  /** Nothing passes, nothing is closed, until `thaw`. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}
