import { connect, type Socket } from 'node:net'

/** What all listeners report to: they share it, so that none needs more than a place in the stream. */
export type Tally = {
  ready(): void
  heard(listener: Listener, seq: number): void
  failed(error: Error): void
}

/** The chunk that came last and the seq in it: everybody is sent the same bytes. */
const latest = { bytes: Buffer.alloc(0), seq: 0 }
const received = Buffer.allocUnsafe(65_536)
const frameEnd = '\n\n'

/**
 * One event stream on a bare socket. A chunk that equals the one before, at whichever listener, is not read again: a
 * client that parsed each would cost more CPU than the servers that it measures.
 */
export class Listener {
  /** The last seq that it has heard, from `ready` on. */
  seq = -1
  readonly #socket: Socket
  readonly #tally: Tally
  #unread = ''

  constructor(port: number, nth: number, request: string, tally: Tally) {
    this.#tally = tally
    this.#socket = connect({
      port,
      host: '127.0.0.1',
      // Many connections from one address would run out of ports.
      localAddress: `127.0.0.${1 + (nth % 16)}`,
      onread: { buffer: received, callback: (bytes) => this.#receive(bytes) },
    })
    this.#socket.on('error', (error) => tally.failed(error))
    this.#socket.on('end', () => tally.failed(new Error('The server ended a stream')))
    this.#socket.write(request)
  }

  /** Resets, so that no port is left waiting. */
  close(): void {
    this.#socket.resetAndDestroy()
  }

  #receive(bytes: number): boolean {
    const known = this.#unread === '' && bytes === latest.bytes.length
    if (known && received.compare(latest.bytes, 0, bytes, 0, bytes) === 0) this.#tally.heard(this, latest.seq)
    else this.#read(received.toString('latin1', 0, bytes))
    return true
  }

  #read(text: string): void {
    const frames = (this.#unread + text).split(frameEnd)
    const rest = frames.pop() ?? ''
    // What stands there alone is the end of an HTTP chunk.
    const whole = this.#unread === '' && rest.trim() === ''
    this.#unread = rest.trim() === '' ? '' : rest
    for (const frame of frames) {
      const seq = Number(/(?:^|\n)id: \w+\.(\d+)\n/.exec(frame)?.[1])
      if (frame.startsWith('HTTP/1.1 ') && !frame.startsWith('HTTP/1.1 200')) {
        this.#tally.failed(new Error(`A stream was refused: ${frame.slice(0, 80)}`))
      } else if (frame.includes('event: ready\n')) {
        this.seq = seq
        this.#tally.ready()
      } else if (frame.includes('\ndata: {"seq":')) {
        if (whole && frames.length === 1) {
          latest.bytes = Buffer.from(text, 'latin1')
          latest.seq = seq
        }
        this.#tally.heard(this, seq)
      }
    }
  }
}
