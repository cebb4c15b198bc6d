import { connect, type Socket } from 'node:net'

/** What all listeners report to: they share it, so that none needs more than a place in the stream. */
export type Tally = {
  /** Let in; `epoch` is that of the cursors that it will be given. */
  ready(listener: Listener, epoch: string): void
  heard(listener: Listener, seq: number): void
  /** It is over: the server has ended the stream, refused it, or is gone. */
  failed(listener: Listener, error: Error): void
}

/** Where a listener comes in: a port of this machine, and the request that it sends there. */
export type Seat = { port: number; request: string }

/** The chunk that came last and the seq in it: everybody is sent the same bytes. */
const latest = { bytes: Buffer.alloc(0), seq: 0 }
const received = Buffer.allocUnsafe(65_536)
const frameEnd = '\n\n'
/** What nchan says instead of `ready`, without a cursor. */
const nchanReady = ': hi'

/** Many connections from one address would run out of ports. */
const addresses = 16

/**
 * One event stream on a bare socket. A chunk that equals the one before, at whichever listener, is not read again: a
 * client that parsed each would cost more CPU than the servers that it measures.
 */
export class Listener {
  /** The last seq that it has, from `ready` on; negative as long as no server has told it one. */
  seq: number
  readonly nth: number
  readonly port: number
  readonly openedAt = performance.now()
  readonly #socket: Socket
  readonly #tally: Tally
  #unread = ''
  #isOver = false

  /** With `seq`, it is one that comes back: what comes first must follow that. */
  constructor(nth: number, { port, request }: Seat, tally: Tally, seq = -1) {
    this.nth = nth
    this.port = port
    this.seq = seq
    this.#tally = tally
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: `127.0.0.${1 + (nth % addresses)}`,
      onread: { buffer: received, callback: (bytes) => this.#receive(bytes) },
    })
    this.#socket.on('error', (error) => this.#end(error))
    this.#socket.on('end', () => this.#end(new Error('The server ended a stream')))
    this.#socket.write(request)
  }

  /** Resets, so that no port is left waiting. */
  close(): void {
    this.#isOver = true
    this.#socket.resetAndDestroy()
  }

  #end(error: Error): void {
    if (this.#isOver) return
    this.close()
    this.#tally.failed(this, error)
  }

  #receive(bytes: number): boolean {
    const known = this.#unread === '' && bytes === latest.bytes.length
    if (known && received.compare(latest.bytes, 0, bytes, 0, bytes) === 0) this.#tally.heard(this, latest.seq)
    else this.#read(received.toString('latin1', 0, bytes))
    return !this.#isOver
  }

  #read(text: string): void {
    const frames = (this.#unread + text).split(frameEnd)
    const rest = frames.pop() ?? ''
    // What stands there alone is the end of an HTTP chunk.
    const whole = this.#unread === '' && rest.trim() === ''
    this.#unread = rest.trim() === '' ? '' : rest
    for (const frame of frames) {
      const seq = Number(/\ndata: \{"seq":(\d+)/.exec(frame)?.[1])
      if (frame.startsWith('HTTP/1.1 ') && !frame.startsWith('HTTP/1.1 200')) {
        this.#end(new Error(`A stream was refused: ${frame.slice(0, 80)}`))
      } else if (frame.includes('event: ready\n')) {
        const [, epoch = '', head] = /(?:^|\n)id: (\w+)\.(\d+)\n/.exec(frame) ?? []
        if (this.seq < 0) this.seq = Number(head)
        this.#tally.ready(this, epoch)
      } else if (frame.endsWith(nchanReady)) {
        this.#tally.ready(this, '')
      } else if (!Number.isNaN(seq)) {
        if (whole && frames.length === 1) {
          latest.bytes = Buffer.from(text, 'latin1')
          latest.seq = seq
        }
        this.#tally.heard(this, seq)
      }
    }
  }
}
