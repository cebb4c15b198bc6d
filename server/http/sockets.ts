import { createServer, type IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { Server as SocketIoServer, type Socket as SocketIoSocket } from 'socket.io'
import type { WebSocket } from 'ws'
import { NodeDraining } from '#server/connections/connections.ts'
import { OpenSocket, type SocketOptions } from '#server/connections/open-socket.ts'
import { SocketSession } from '#server/connections/socket-session.ts'
import { type Backlog, Websockets } from '#server/connections/websockets.ts'
import { countingQueries } from '#server/database/client.ts'
import { socketPath } from '#server/protocol/socket.ts'
import { type CommandDeps, executeCommand } from './commands.ts'
import type { Context } from './context.ts'
import { refusalOf } from './errors.ts'
import { writeRefusal } from './front/raw-refusal.ts'
import { refusalProblem } from './front/refusal-page.ts'
import { isOwnOrigin } from './origin.ts'
import { Refusal } from './problem.ts'
import { assertViewer, sessionOf } from './session.ts'

export type SocketServer = {
  /** Accepts an upgrade, or refuses it on the bare socket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  close(): void
}

/** A connection is closed when no Socket.IO client connects on it within this time. */
const connectTimeoutMs = 10_000

/** Admits and opens sockets. Socket.IO does framing, acknowledgements and pings; entries come from the log. */
export function createSocketServer(
  deps: CommandDeps & Pick<Context, 'sessions' | 'exchanges' | 'sockets' | 'nextRequestId'>,
): SocketServer {
  const { env, sessions, exchanges, presence, userEvents, sockets, priceSubscriptions, nextRequestId } = deps
  const admitted = new Map<IncomingMessage, SocketSession>()
  const options: SocketOptions = {
    maxBufferBytes: env.MAX_BUFFER_BYTES,
    onFollow: (socket, stream) => ifRoom(stream, (roomId) => presence.enter(roomId, socket)),
    onUnfollow: (socket, stream) => ifRoom(stream, (roomId) => presence.leave(roomId, socket)),
  }

  // Never listens: upgrades come from the dispatcher in front.ts, after they were checked.
  const unbound = createServer()
  const io = new SocketIoServer(unbound, {
    path: socketPath,
    serveClient: false,
    transports: ['websocket'],
    allowUpgrades: false,
    perMessageDeflate: false,
    httpCompression: false,
    destroyUpgrade: false,
    pingInterval: env.PING_INTERVAL_MS,
    pingTimeout: env.PING_TIMEOUT_MS,
    maxHttpBufferSize: env.MAX_BODY_BYTES,
    connectTimeout: connectTimeoutMs,
    wsEngine: Websockets,
  })
  io.engine.on('connection', (conn: SocketIoSocket['conn']) => {
    const session = admitted.get(conn.request)
    const { websocket } = conn.request as IncomingMessage & { websocket?: WebSocket }
    if (!session || !websocket) return conn.close(true)
    session.listen(conn, websocket, env.PACKETS_PER_SECOND)
    conn.once('close', () => session.hangUp())
  })
  io.on('connection', (socket) => {
    const session = admitted.get(socket.request)
    if (session?.backlog) open(session, session.backlog, socket)
    else socket.disconnect(true)
  })

  function open(session: SocketSession, backlog: Backlog, socket: SocketIoSocket) {
    const opened = new OpenSocket(socket, session.handshake, backlog, options)
    session.open = opened
    // A client may send an event of this name, and an emitter without a listener for it throws.
    socket.on('error', () => undefined)
    socket.on('disconnect', () => {
      opened.stop()
      priceSubscriptions.leave(opened)
      socket.conn.close()
    })
    socket.onAny((name: unknown, ...args: unknown[]) => {
      const last = args.at(-1)
      const acknowledge = typeof last === 'function' ? last : undefined
      if (acknowledge) args.pop()
      session.queue(async () => {
        if (opened.isOver) return
        const result = await countingQueries(opened.meter, () => executeCommand(deps, opened, name, args))
        acknowledge?.(result)
        await opened.acknowledgementsSent()
        opened.flow()
      })
    })
  }

  async function admit(request: IncomingMessage, socket: Socket, head: Buffer) {
    const meter = exchanges.begin(request)
    if (sockets.isDraining) throw new NodeDraining('This node is shutting down')
    if (!isOwnOrigin(request.headers, env.TRUSTED_ORIGINS)) {
      throw new Refusal('origin-not-allowed', 'This origin is not allowed here')
    }
    const query = new URLSearchParams(request.url?.split('?')[1])
    if (query.get('transport') !== 'websocket' || query.get('EIO') !== '4' || query.has('sid')) {
      throw new Refusal('bad-request', 'Send transport=websocket and EIO=4, without sid')
    }
    const session = await sessionOf(sessions, request.headers.cookie)
    const inHeader = request.headers['x-viewer']
    // Browsers cannot add headers to an upgrade, so pages send the viewer in the query.
    for (const viewer of [...query.getAll('viewer'), ...(inHeader === undefined ? [] : [inHeader])]) {
      assertViewer(session, viewer)
    }
    if (socket.destroyed) return
    const facts = { requestId: nextRequestId(), meter, headers: request.headers }
    const held = new SocketSession(session, socket, facts, env.MAX_BUFFER_BYTES)
    sockets.open(held)
    userEvents.opened(session.userId)
    admitted.set(request, held)
    socket.once('close', () => {
      admitted.delete(request)
      held.stop()
      sockets.close(held)
      userEvents.closed(session.userId)
    })
    if (!socket.destroyed) unbound.emit('upgrade', request, socket, head)
  }

  return {
    upgrade(request, socket, head) {
      // Anything but a TCP socket could be neither counted nor cut.
      if (!(socket instanceof Socket)) return void socket.destroy()
      admit(request, socket, head).catch((error: unknown) => {
        const refusal = refusalOf(error)
        writeRefusal(socket, refusal, refusalProblem(refusal, env.BASE_URL))
      })
    },
    close: () => io.disconnectSockets(true),
  }
}

function ifRoom(stream: string, act: (roomId: string) => void) {
  if (stream.startsWith('room:')) act(stream.slice('room:'.length))
}
