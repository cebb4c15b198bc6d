import { WebSocket } from 'ws'

/** How the clients of an arm come in: the cookie of the nth, and what it says once it is let in. */
export type Entrance = {
  path: string
  /** Socket.IO on the wire; without, frames come at once. */
  greets: boolean
  cookie(nth: number): string | undefined
  /** An event with an acknowledgement, after which the client is ready. */
  says?: [event: string, payload: unknown]
}

type Tally = {
  frame(nth: number, bytes: Buffer): void
  /** What is acknowledged after it is ready. */
  ack?(text: string): void
  failed(error: Error): void
}

const zero = 0x30
const four = 0x34

/** One client of prices, or of a room, on a bare `ws`: it answers pings, and hands on what comes unread. */
export class Watcher {
  readonly socket: WebSocket
  readonly ready: Promise<void>

  constructor(port: number, nth: number, entrance: Entrance, tally: Tally) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let isReady = false
    this.ready = promise
    promise.then(
      () => {
        isReady = true
      },
      () => undefined,
    )
    const cookie = entrance.cookie(nth)
    const socket = new WebSocket(`ws://127.0.0.1:${port}${entrance.path}`, {
      perMessageDeflate: false,
      skipUTF8Validation: true,
      ...(cookie !== undefined && { headers: { cookie } }),
    })
    this.socket = socket
    const fail = (error: Error) => {
      reject(error)
      tally.failed(error)
    }
    socket.once('error', fail)
    socket.once('close', (code) => fail(new Error(`The server ended a socket: ${code}`)))
    socket.once('open', () => {
      if (!entrance.greets) resolve()
    })
    socket.on('message', (data: Buffer) => {
      // `42` is an event; everything else is of Engine.IO, of connecting, or an acknowledgement.
      if (data[0] === four && data[1] === zero + 2) return tally.frame(nth, data)
      const text = data.toString()
      if (text === '2') socket.send('3')
      else if (text.startsWith('0')) socket.send('40')
      else if (isReady) tally.ack?.(text)
      else if (text.startsWith('40') && entrance.says) socket.send(`420${JSON.stringify(entrance.says)}`)
      else if (text.startsWith('40') || text.startsWith('430[{"ok":true')) resolve()
      else fail(new Error(`Not let in: ${text.slice(0, 200)}`))
    })
  }

  close(): void {
    this.socket.removeAllListeners('close')
    this.socket.removeAllListeners('error')
    this.socket.on('error', () => undefined)
    this.socket.terminate()
  }
}

const burst = 100

/** Lets `count` in, in bursts that a listen queue can take. */
export async function admitWatchers(
  port: number,
  count: number,
  entrance: Entrance,
  tally: Tally,
): Promise<Watcher[]> {
  const watchers: Watcher[] = []
  while (watchers.length < count) {
    const size = Math.min(burst, count - watchers.length)
    const next = Array.from(
      { length: size },
      (_, index) => new Watcher(port, watchers.length + index, entrance, tally),
    )
    watchers.push(...next)
    await Promise.all(next.map(({ ready }) => ready))
  }
  return watchers
}
