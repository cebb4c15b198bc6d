import { connect, type Socket } from 'node:net'

/** When the first and the last listener had an event, on the clock of `performance.now()`. */
type Arrival = { firstAt: number; lastAt: number }

/** A crowd that follows one stream. */
type Audience = {
  /** How long it took until all were connected and had their `ready`. */
  connectMs: number
  /** Sends an event by `send`, and gives when everybody had it. Throws when somebody has not after a minute. */
  hear(send: () => Promise<unknown>): Promise<Arrival>
  /** Entries that came out of step, over all listeners: missing before the one that came, or had before. */
  faults: { lost: number; twice: number }
  close(): void
}

const burst = 200
const patienceMs = 60_000

/** Connects a listener for each request, in bursts that a listen queue can take. */
export async function gatherAudience(port: number, requests: string[]): Promise<Audience> {
  const listeners: Listener[] = []
  const faults = { lost: 0, twice: 0 }
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  let closed = false
  let ready = 0
  let awaited = Promise.withResolvers<void>()
  let awaitedReady = 0
  let round = { firstAt: 0, lastAt: 0, arrivals: 0, done: Promise.withResolvers<void>() }

  const tally = {
    ready() {
      ready += 1
      if (ready === awaitedReady) awaited.resolve()
    },
    heard(listener: Listener, seq: number) {
      if (seq <= listener.seq) faults.twice += 1
      else faults.lost += seq - listener.seq - 1
      listener.seq = seq
      round.lastAt = performance.now()
      if (round.arrivals === 0) round.firstAt = round.lastAt
      round.arrivals += 1
      if (round.arrivals === listeners.length) round.done.resolve()
    },
    failed(error: Error) {
      if (!closed) failure.reject(error)
    },
  }

  const startedAt = performance.now()
  while (listeners.length < requests.length) {
    const upTo = Math.min(listeners.length + burst, requests.length)
    awaited = Promise.withResolvers()
    awaitedReady = upTo
    while (listeners.length < upTo) {
      const nth = listeners.length
      listeners.push(new Listener(port, nth, requests[nth] ?? '', tally))
    }
    await within(Promise.race([awaited.promise, failure.promise]), () => `${ready} streams are ready`)
  }

  return {
    connectMs: performance.now() - startedAt,
    async hear(send) {
      round = { firstAt: 0, lastAt: 0, arrivals: 0, done: Promise.withResolvers() }
      await Promise.race([send(), failure.promise])
      await within(Promise.race([round.done.promise, failure.promise]), () => `${round.arrivals} have it`)
      return { firstAt: round.firstAt, lastAt: round.lastAt }
    },
    faults,
    close() {
      closed = true
      for (const listener of listeners) listener.close()
    },
  }
}

async function within<T>(work: Promise<T>, state: () => string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`After a minute ${state()}`)), patienceMs)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** What all listeners report to: they share it, so that none needs more than a place in the stream. */
type Tally = {
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
class Listener {
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
