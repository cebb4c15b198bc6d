import type { Socket as Line } from 'node:net'
import type { Socket } from 'socket.io'
import type { Pongs } from './websockets.ts'

/**
 * What waits on a connection for its client to take it, but for our own packets: what Socket.IO answers by itself
 * (acknowledgements, refused namespaces, pings) in Engine.IO's queue, what is on the line, and the pongs that it owes.
 */
export class Backlog {
  readonly #line: Line
  readonly #pongs: Pick<Pongs, 'owedBytes'>
  #queuedBytes = 0

  constructor(conn: Socket['conn'], line: Line, pongs: Pick<Pongs, 'owedBytes'>) {
    this.#line = line
    this.#pongs = pongs
    conn.on(
      'packetCreate',
      ({ data, options }: { data?: string; options?: { wsPreEncodedFrame?: unknown } }) => {
        if (data && !options?.wsPreEncodedFrame) this.#queuedBytes += Buffer.byteLength(data)
      },
    )
    conn.on('flush', () => {
      this.#queuedBytes = 0
    })
  }

  get bytes(): number {
    return this.#queuedBytes + this.#line.writableLength + this.#pongs.owedBytes
  }
}
