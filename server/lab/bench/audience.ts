import { Listener } from './listener.ts'

/** When the first and the last listener had an event, on the clock of `performance.now()`. */
export type Arrival = { firstAt: number; lastAt: number }

/** A crowd that follows one stream. */
export type Audience = {
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
