import { createReconnect } from '#server/protocol/reconnect.ts'
import { epochMs } from './arms/market.ts'
import { Listener } from './listener.ts'

/** When the first and the last listener had an event, in ms by the clock of `epochMs`. */
export type Arrival = { firstAt: number; lastAt: number }

/** Of all listeners: entries that were missing before the one that came, and that came again. */
export type Faults = { lost: number; twice: number }

/** One that lost its server and was let in elsewhere. */
export type Comeback = { port: number; atMs: number }

/** A crowd that follows one stream. */
export type Audience = {
  /** How long it took until all were connected and had their `ready`. */
  connectMs: number
  /** When everybody had the entry. Rejects when somebody has not after a minute. */
  heard(seq: number): Promise<Arrival>
  faults: Faults
  comebacks: readonly Comeback[]
  /** How many tries to come back were refused, or met nobody. */
  refused(): number
  close(): void
}

type Gathering = {
  /** They are dealt out to these in turn. */
  ports: readonly number[]
  count: number
  /** What the nth sends to follow; after `cursor`, where it comes back. */
  request(nth: number, cursor?: string): string
  /** Who lost a server comes back to another, as our clients do; otherwise it ends the bench. */
  comesBack?: boolean
}

/** What a listen queue can take. */
const openingAtOnce = 200
const patienceMs = 60_000
/** Fifty thousand on a busy machine take their time. */
const gatherPatienceMs = 180_000

/** Connects them all. */
export async function gatherAudience(gathering: Gathering): Promise<Audience> {
  const { ports, count, request, comesBack = false } = gathering
  const listeners = new Set<Listener>()
  const faults = { lost: 0, twice: 0 }
  const comebacks: Comeback[] = []
  const rounds = new Map<number, Arrival & { arrivals: number; done: PromiseWithResolvers<void> }>()
  const timers = new Set<NodeJS.Timeout>()
  /** Those that have lost a server, by their number. */
  const away = new Map<number, ReturnType<typeof createReconnect>>()
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const gathered = Promise.withResolvers<void>()
  let [opened, ready, refused, epoch, isClosed] = [0, 0, 0, '', false]

  function roundOf(seq: number) {
    const round = rounds.get(seq) ?? { firstAt: 0, lastAt: 0, arrivals: 0, done: Promise.withResolvers() }
    rounds.set(seq, round)
    return round
  }

  const tally = {
    ready({ nth, port }: Listener, of: string) {
      epoch = of
      if (away.delete(nth)) return void comebacks.push({ port, atMs: epochMs() })
      ready += 1
      if (opened < count) openNext()
      else if (ready === count) gathered.resolve()
    },
    heard(listener: Listener, seq: number) {
      if (seq <= listener.seq) {
        faults.twice += 1
        return
      }
      if (listener.seq >= 0) faults.lost += seq - listener.seq - 1
      listener.seq = seq
      const round = roundOf(seq)
      round.lastAt = epochMs()
      if (round.arrivals === 0) round.firstAt = round.lastAt
      round.arrivals += 1
      if (round.arrivals === count) round.done.resolve()
    },
    failed(listener: Listener, error: Error) {
      if (isClosed) return
      listeners.delete(listener)
      if (!comesBack || ready < count) return failure.reject(error)
      const { nth, openedAt } = listener
      const known = away.get(nth)
      if (known) refused += 1
      const reconnect = known ?? createReconnect()
      away.set(nth, reconnect)
      const stoodMs = performance.now() - openedAt
      comeBack(listener, reconnect.pauseMs(known ? { type: 'failed' } : { type: 'closed', stoodMs }))
    },
  }

  function openNext(): void {
    const nth = opened++
    listeners.add(new Listener(nth, { port: ports[nth % ports.length] ?? 0, request: request(nth) }, tally))
  }

  /** To another server, as a balancer would lead it. */
  function comeBack({ nth, port, seq }: Listener, pauseMs: number): void {
    const timer = setTimeout(() => {
      timers.delete(timer)
      const others = ports.filter((each) => each !== port)
      const to = others[Math.floor(Math.random() * others.length)] ?? port
      listeners.add(new Listener(nth, { port: to, request: request(nth, `${epoch}.${seq}`) }, tally, seq))
    }, pauseMs)
    timers.add(timer)
  }

  const startedAt = performance.now()
  while (opened < Math.min(openingAtOnce, count)) openNext()
  const all = Promise.race([gathered.promise, failure.promise])
  await within(gatherPatienceMs, all, () => `${ready} streams are ready`)

  return {
    ...{ connectMs: performance.now() - startedAt, faults, comebacks, refused: () => refused },
    async heard(seq) {
      const round = roundOf(seq)
      await within(
        patienceMs,
        Promise.race([round.done.promise, failure.promise]),
        () => `${round.arrivals} of ${count} have it`,
      )
      rounds.delete(seq)
      return { firstAt: round.firstAt, lastAt: round.lastAt }
    },
    close() {
      isClosed = true
      for (const timer of timers) clearTimeout(timer)
      for (const listener of listeners) listener.close()
    },
  }
}

async function within<T>(ms: number, work: Promise<T>, state: () => string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`After ${ms / 1_000} s ${state()}`)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
