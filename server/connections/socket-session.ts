import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Socket as SocketIoSocket } from 'socket.io'
import type { WebSocket } from 'ws'
import type { Session } from '#server/domain/accounts/session.ts'
import type { ByeReason } from '#server/protocol/streams.ts'
import type { Connection } from './connections.ts'
import { destroySoon } from './destroy-soon.ts'
import type { Counted, Meter } from './exchanges.ts'
import type { Handshake, OpenSocket } from './open-socket.ts'
import { PacketThrottle } from './packet-throttle.ts'
import { Backlog, Pongs } from './websockets.ts'

const maxQueuedCommands = 32

/** An admitted connection with its session: before, while and after its socket is open. */
export class SocketSession implements Connection {
  readonly handshake: Handshake
  open: OpenSocket | undefined
  /** Set once Engine.IO has accepted the connection. */
  backlog: Backlog | undefined
  readonly #maxBufferBytes: number
  #throttle: PacketThrottle | undefined
  #queued = 0
  #last: Promise<void> = Promise.resolve()
  #ending: ByeReason | undefined

  constructor(
    session: Session,
    socket: Socket,
    facts: { requestId: string; meter: Meter; headers: IncomingHttpHeaders },
    maxBufferBytes: number,
  ) {
    const { requestId, meter, headers } = facts
    this.#maxBufferBytes = maxBufferBytes
    this.handshake = { session, socket, requestId, meter, headers: shownHeaders(headers) }
  }

  get session(): Session {
    return this.handshake.session
  }

  get holder(): string {
    return this.session.userId
  }

  get ending(): ByeReason | undefined {
    return this.open?.ending ?? this.#ending
  }

  /** WS10: reads no faster than `PACKETS_PER_SECOND`; every frame counts, of whatever kind. */
  listen(conn: SocketIoSocket['conn'], websocket: WebSocket, packetsPerSecond: number): void {
    const { socket } = this.handshake
    const throttle = new PacketThrottle(websocket, packetsPerSecond)
    const pongs = new Pongs(websocket, socket)
    this.#throttle = throttle
    this.backlog = new Backlog(conn, socket, pongs)
    websocket.on('message', (data: Buffer) => this.#received(data))
    websocket.on('pong', (data) => this.#received(data))
    websocket.on('ping', (data) => pongs.answer(data, this.#received(data)))
  }

  /** False when frames come too fast. Each frame may cause a response, so a client that reads none is cut (WS4). */
  #received(frame: Buffer): boolean {
    if (this.open) this.open.cutWhenSlow()
    else if (this.backlog && this.backlog.bytes > this.#maxBufferBytes) this.handshake.socket.destroy()
    return this.#throttle?.count(frame.length) ?? false
  }

  /** WS9: executes the commands of a connection one after the other, in order of arrival. */
  queue(command: () => Promise<void>): void {
    this.#queued += 1
    if (this.#queued === maxQueuedCommands) this.#throttle?.hold(true)
    this.#last = this.#last.then(command).then(() => {
      this.#queued -= 1
      if (this.#queued === maxQueuedCommands - 1) this.#throttle?.hold(false)
    })
  }

  sessionEnded(): void {
    this.bye('session-ended')
  }

  bye(reason: ByeReason): void {
    if (this.open) {
      this.open.bye(reason)
      return
    }
    this.#ending ??= reason
    this.handshake.socket.destroy()
  }

  counted(): Counted | undefined {
    return this.open?.counted()
  }

  /** Engine.IO is done with the connection; `ws` would wait half a minute for a client that does not respond. */
  hangUp(): void {
    destroySoon(this.handshake.socket)
  }

  /** The connection is gone. */
  stop(): void {
    this.#throttle?.close()
    this.open?.stop()
  }
}

const shownFields = ['upgrade', 'connection', 'origin', 'sec-websocket-version', 'sec-websocket-key']

/** RFC 6455, section 1.3. */
const acceptKey = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The headers of an upgrade that the wire drawer shows; never the cookie. */
function shownHeaders(headers: IncomingHttpHeaders): Handshake['headers'] {
  const key = headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1').update(`${key}${acceptKey}`).digest('base64')
  return {
    request: shownFields.flatMap((name) => {
      const value = headers[name]
      return typeof value === 'string' ? [[name, value]] : []
    }),
    response: [
      ['upgrade', 'websocket'],
      ['connection', 'Upgrade'],
      ['sec-websocket-accept', accept],
    ],
  }
}
