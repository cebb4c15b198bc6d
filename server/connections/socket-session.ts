import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket as Line } from 'node:net'
import type { Socket } from 'socket.io'
import type { WebSocket } from 'ws'
import type { Session } from '#server/domain/accounts/session.ts'
import { cutSoon } from './cut-soon.ts'
import type { Meter } from './exchanges.ts'
import { Intake } from './intake.ts'
import type { Handshake, OpenSocket } from './open-socket.ts'
import { Backlog, Pongs } from './websockets.ts'

const mostWaiting = 32

/** One who has been let in: a line with a session, before, while and after the socket on it is open. */
export class Guest {
  readonly handshake: Handshake
  open: OpenSocket | undefined
  /** Since Engine.IO has taken the line. */
  backlog: Backlog | undefined
  readonly #maxBehindBytes: number
  #intake: Intake | undefined
  #waiting = 0
  #last: Promise<void> = Promise.resolve()

  constructor(
    session: Session,
    line: Line,
    facts: { requestId: string; meter: Meter; headers: IncomingHttpHeaders },
    maxBehindBytes: number,
  ) {
    const { requestId, meter, headers } = facts
    this.#maxBehindBytes = maxBehindBytes
    this.handshake = { session, line, requestId, meter, headers: tellingHeaders(headers) }
  }

  /** WS10: reads no faster than so many packets a second; every frame counts, of whatever kind. */
  listen(conn: Socket['conn'], websocket: WebSocket, packetsPerSecond: number): void {
    const { line } = this.handshake
    const intake = new Intake(websocket, packetsPerSecond)
    const pongs = new Pongs(websocket, line)
    this.#intake = intake
    this.backlog = new Backlog(conn, line, pongs)
    websocket.on('message', (data: Buffer) => this.#heard(data))
    websocket.on('pong', (data) => this.#heard(data))
    websocket.on('ping', (data) => pongs.answer(data, this.#heard(data)))
  }

  /** False when frames come too fast. Each may have an answer: one who takes none is cut (WS4). */
  #heard(frame: Buffer): boolean {
    if (this.open) this.open.cutWhenBehind()
    else if (this.backlog && this.backlog.bytes > this.#maxBehindBytes) this.handshake.line.destroy()
    return this.#intake?.count(frame.length) ?? false
  }

  /** WS9: does what a connection asks for one after the other, in the order in which it came. */
  queue(work: () => Promise<void>): void {
    this.#waiting += 1
    if (this.#waiting === mostWaiting) this.#intake?.hold(true)
    this.#last = this.#last.then(work).then(() => {
      this.#waiting -= 1
      if (this.#waiting === mostWaiting - 1) this.#intake?.hold(false)
    })
  }

  sessionEnded(): void {
    if (this.open) this.open.sessionEnded()
    else this.handshake.line.destroy()
  }

  /** Engine.IO is done with the line; `ws` would wait half a minute for the answer of one that is dead. */
  hangUp(): void {
    cutSoon(this.handshake.line)
  }

  left(): void {
    this.#intake?.close()
    this.open?.left()
  }
}

const telling = ['upgrade', 'connection', 'origin', 'sec-websocket-version', 'sec-websocket-key']

/** RFC 6455, section 1.3. */
const acceptKey = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** The headers of an upgrade that tell something; never the cookie. */
function tellingHeaders(headers: IncomingHttpHeaders): Handshake['headers'] {
  const key = headers['sec-websocket-key'] ?? ''
  const accept = createHash('sha1').update(`${key}${acceptKey}`).digest('base64')
  return {
    request: telling.flatMap((name) => {
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
