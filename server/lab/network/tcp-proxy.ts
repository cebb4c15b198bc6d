import { type AddressInfo, connect, createServer } from 'node:net'
import { type Flow, type JoinedSockets, joinSockets, type LinkOptions } from './join-sockets.ts'

/** A line to cut between a client and a server on this machine. */
export type TcpProxy = Link & {
  /** Carries what clients say, and holds back what they are answered, until `thaw`. */
  holdAnswers(): void
  /**
   * What is open now is forgotten, as by a middlebox that drops its entry: it carries no more, also after `thaw`, unless
   * `carries` names a direction that still does. New connections are as they were.
   */
  swallow(carries?: Partial<Flow>): void
}

/** A herd comes back all at once. */
const backlog = 4_096

/** Listens on a free loopback port and forwards each connection to `target`. */
export async function tcpProxy(
  target: { port: number; host?: string },
  manner: LinkOptions = {},
): Promise<TcpProxy> {
  // Not all of `target`, which may be a node with members that `connect` takes for options of its own.
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

/** A real line between clients and one port of this machine. It listens on loopback, IPv4. */
export type Link = {
  port: number
  /** Of all connections so far: what clients sent, and what they were answered, as it passed on the client's side. */
  bytesUp(): number
  bytesDown(): number
  open(): number
  /** Resets every connection; new ones are taken, unless `refuse` was called. */
  cut(): void
  refuse(): void
  accept(): void
  /** Nothing passes, nothing is closed, until `thaw`. */
  freeze(): void
  thaw(): void
  close(): Promise<void>
}
