import { createServer, type IncomingMessage } from 'node:http'
import { Socket as Line } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Socket, Server as SocketServer } from 'socket.io'
import type { WebSocket } from 'ws'
import { toWire } from '#server/connections/exchanges.ts'
import { OpenSocket, type SocketManner } from '#server/connections/open-socket.ts'
import type { Presence } from '#server/connections/presence.ts'
import { Guest } from '#server/connections/socket-session.ts'
import { type Backlog, Websockets } from '#server/connections/websockets.ts'
import { countingQueries } from '#server/database/client.ts'
import { packetOf } from '#server/deliver/packets.ts'
import type { ByeReason, WireExchange } from '#server/protocol/protocol.ts'
import { type ServerEventName, type ServerEvents, socketPath } from '#server/protocol/socket.ts'
import type { CommandAnswer } from './commands.ts'
import type { Context } from './context.ts'
import { refusalOf } from './errors.ts'
import { writeRefusal } from './front/raw-refusal.ts'
import { refusalProblem } from './front/refusal-page.ts'
import { isOwnOrigin } from './origin.ts'
import { Refusal } from './problem.ts'
import { mustBeViewer, sessionOf } from './session.ts'

export type Sockets = {
  /** Takes an upgrade, or refuses it on the bare line. */
  upgrade(request: IncomingMessage, line: Duplex, head: Buffer): void
  /** To all connections that a user has on this node. */
  tell<Name extends ServerEventName>(userId: string, name: Name, event: ServerEvents[Name]): void
  count(): number
  /** How many have ended so far, and why. */
  ended(): Record<ByeReason | 'left', number>
  /** What the open ones of a session have cost so far. */
  of(sessionId: string): WireExchange[]
  /** Says `bye` to all; none is opened any more. */
  drain(): void
  close(): void
}

type Parts = Pick<Context, 'env' | 'sessions' | 'exchanges' | 'nextRequestId'> & {
  presence: Presence
  /** Called when a connection can be sent nothing any more. */
  left(socket: OpenSocket): void
  answer(socket: OpenSocket, name: unknown, args: readonly unknown[]): Promise<CommandAnswer>
}

/** A herd that lost its server comes back over so long a time, in ms. */
const herdMs = 2_000
/** A line on which no Socket.IO connection is opened within this time is closed. */
const connectMs = 10_000

/** The sockets that this node holds open. Socket.IO frames, acknowledges and pings; what is sent comes from the log. */
export function createSockets(parts: Parts): Sockets {
  const { env, sessions, exchanges, presence, nextRequestId } = parts
  const guests = new Map<IncomingMessage, Guest>()
  const byUser = new Map<string, Set<Guest>>()
  const ended = { drain: 0, slow: 0, 'session-ended': 0, 'right-ended': 0, left: 0 }
  const manner: SocketManner = {
    maxBehindBytes: env.MAX_BUFFER_BYTES,
    retryMs: () => Math.round(500 + Math.random() * herdMs),
    followed: (socket, stream) => inRoom(stream, (roomId) => presence.enter(roomId, socket)),
    unfollowed: (socket, stream) => inRoom(stream, (roomId) => presence.leave(roomId, socket)),
  }
  let draining = false

  // Upgrades come from the dispatcher in front.ts, after they were checked: this server never listens.
  const door = createServer()
  const io = new SocketServer(door, {
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
    connectTimeout: connectMs,
    wsEngine: Websockets,
  })
  io.engine.on('connection', (conn: Socket['conn']) => {
    const guest = guests.get(conn.request)
    const { websocket } = conn.request as IncomingMessage & { websocket?: WebSocket }
    if (!guest || !websocket) return conn.close(true)
    guest.listen(conn, websocket, env.PACKETS_PER_SECOND)
    conn.once('close', () => guest.hangUp())
  })
  io.on('connection', (socket) => {
    const guest = guests.get(socket.request)
    if (guest?.backlog) open(guest, guest.backlog, socket)
    else socket.disconnect(true)
  })

  function open(guest: Guest, backlog: Backlog, socket: Socket) {
    const opened = new OpenSocket(socket, guest.handshake, backlog, manner)
    guest.open = opened
    // A client may send an event of this name, and an emitter without a listener for it throws.
    socket.on('error', () => undefined)
    socket.on('disconnect', () => {
      opened.left()
      parts.left(opened)
      socket.conn.close()
    })
    socket.onAny((name: unknown, ...args: unknown[]) => {
      const last = args.at(-1)
      const acknowledge = typeof last === 'function' ? last : undefined
      if (acknowledge) args.pop()
      guest.queue(async () => {
        if (opened.isOver) return
        const answer = await countingQueries(opened.meter, () => parts.answer(opened, name, args))
        acknowledge?.(answer)
        await opened.answersSent()
        opened.flow()
      })
    })
  }

  async function admit(request: IncomingMessage, line: Line, head: Buffer) {
    const meter = exchanges.begin(request)
    if (draining) throw new Refusal('unavailable', 'This node is stopping')
    if (!isOwnOrigin(request.headers, env.TRUSTED_ORIGINS)) {
      throw new Refusal('origin-not-allowed', 'This origin may not do that')
    }
    const query = new URLSearchParams(request.url?.split('?')[1])
    if (query.get('transport') !== 'websocket' || query.get('EIO') !== '4' || query.has('sid')) {
      throw new Refusal('bad-request', 'Ask for transport=websocket and EIO=4, without sid')
    }
    const session = await sessionOf(sessions, request.headers.cookie)
    const inHeader = request.headers['x-viewer']
    // A browser sends no headers of ours with an upgrade, so a page says it in the query.
    for (const viewer of [...query.getAll('viewer'), ...(inHeader === undefined ? [] : [inHeader])]) {
      mustBeViewer(session, viewer)
    }
    if (line.destroyed) return
    const own = byUser.get(session.userId) ?? new Set()
    if (own.size >= env.MAX_SOCKETS_PER_USER) {
      throw new Refusal('too-many-connections', `A user has at most ${env.MAX_SOCKETS_PER_USER} sockets open`)
    }
    const facts = { requestId: nextRequestId(), meter, headers: request.headers }
    const guest = new Guest(session, line, facts, env.MAX_BUFFER_BYTES)
    guests.set(request, guest)
    byUser.set(session.userId, own.add(guest))
    line.once('close', () => leave(request, guest))
    sessions.watch(session, guest)
    if (!line.destroyed) door.emit('upgrade', request, line, head)
  }

  function leave(request: IncomingMessage, guest: Guest) {
    const { session } = guest.handshake
    guests.delete(request)
    const own = byUser.get(session.userId)
    if (own?.delete(guest) && own.size === 0) byUser.delete(session.userId)
    sessions.unwatch(session, guest)
    guest.left()
    ended[guest.open?.ending ?? 'left'] += 1
    if (guest.open) exchanges.add(session.id, guest.open.counted())
  }

  return {
    upgrade(request, line, head) {
      // What is no TCP socket could be neither counted nor cut.
      if (!(line instanceof Line)) return void line.destroy()
      admit(request, line, head).catch((error: unknown) => {
        const refusal = refusalOf(error)
        writeRefusal(line, refusal, refusalProblem(refusal, env.BASE_URL))
      })
    },
    tell(userId, name, event) {
      const packet = packetOf(name, event)
      for (const { open: socket } of byUser.get(userId) ?? []) socket?.write(packet)
    },
    count: () => guests.size,
    ended: () => ({ ...ended }),
    of: (sessionId) =>
      [...guests.values()].flatMap(({ open: socket }) =>
        socket?.session.id === sessionId ? [{ ...toWire(socket.counted()), open: true }] : [],
      ),
    drain() {
      draining = true
      for (const { open: socket, handshake } of guests.values()) {
        if (socket) socket.bye('drain')
        else handshake.line.destroy()
      }
    },
    close() {
      presence.close()
      io.disconnectSockets(true)
    },
  }
}

function inRoom(stream: string, act: (roomId: string) => void) {
  if (stream.startsWith('room:')) act(stream.slice('room:'.length))
}
