import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { epochMs, type MadeTick } from './arms/market.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import { liveBytes, type Server } from './servers.ts'
import { admitWatchers, type Entrance } from './watcher.ts'

/** An arm under measurement; its market is open from the start, or opens when it is told. */
export type TickArm = { start(): Promise<Server>; entrance: Entrance; opens: 'by itself' | 'when told' }

export type TickRound = Ages &
  Faults & {
    framesPerSecond: number
    /** Ticks that the market made in a second: fewer than asked when the server cannot keep up. */
    madePerSecond: number
    cpuShare: number
    /** For each price that a client was sent, and for each tick that a client was kept up with, by itself or by a newer one. */
    cpuMicros: number
    tickMicros: number
    bytesEach: number
    kibEach: number
    clientShare: number
  }

const warm = { clients: 50, forMs: 1_000 }
const settleMs = 1_500
const sampled = 20

/** Lets `count` clients in, and measures what they get in `forMs`. */
export async function ticksRound(arm: TickArm, count: number, forMs: number): Promise<TickRound> {
  const server = await arm.start()
  const arrivals = createArrivals()
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const priced = Promise.withResolvers<void>()
  let isCounting = false
  const tally = {
    frame(nth: number, bytes: Buffer) {
      priced.resolve()
      if (isCounting) arrivals.take(nth, bytes)
    },
    failed: failure.reject,
  }

  const first = await admitWatchers(server.port, warm.clients, arm.entrance, tally)
  // The first start writes a history of candles before its market opens.
  if (arm.opens === 'by itself') await Promise.race([priced.promise, failure.promise])
  await pause(warm.forMs)
  for (const watcher of first) watcher.close()
  await pause(settleMs)
  const emptyBytes = await liveBytes(server)

  const watchers = await Promise.race([
    admitWatchers(server.port, count, arm.entrance, tally),
    failure.promise,
  ])
  if (arm.opens === 'when told') server.child.send('open')
  await pause(settleMs)
  isCounting = true
  const [startedAt, usage, clientUsage] = [epochMs(), server.usage(), process.cpuUsage()]
  await Promise.race([pause(forMs), failure.promise])
  const tookMs = epochMs() - startedAt
  isCounting = false
  const cpuSeconds = server.usage().cpuSeconds - usage.cpuSeconds
  const client = process.cpuUsage(clientUsage)
  const rows = arrivals.frame.length
  const bytes = arrivals.frame.reduce((sum, frame) => sum + (arrivals.frames[frame]?.bytes ?? 0), 0)
  const kibEach = ((await liveBytes(server)) - emptyBytes) / 1_024 / count
  const journal = await journalOf(server)
  for (const watcher of watchers) watcher.close()
  await server.stop()

  const made = journal.filter(({ madeAtMs }) => madeAtMs >= startedAt && madeAtMs < startedAt + tookMs)
  const { ages, faults } = agesOf(arrivals, journal, sampled)
  return {
    ...ages,
    ...faults,
    framesPerSecond: (rows * 1_000) / tookMs / count,
    madePerSecond: (made.length * 1_000) / tookMs,
    cpuShare: (cpuSeconds * 1_000) / tookMs,
    cpuMicros: (cpuSeconds * 1_000_000) / ages.values,
    tickMicros: (cpuSeconds * 1_000_000) / (made.length * count),
    bytesEach: bytes / ages.values,
    kibEach,
    clientShare: (client.user + client.system) / 1_000 / tookMs,
  }
}

async function journalOf({ child }: Server): Promise<MadeTick[]> {
  const answer = once(child, 'message')
  child.send('journal')
  const [made] = await answer
  return made as MadeTick[]
}

type Ages = { p50Ms: number; p99Ms: number; values: number }

/** What must not happen: a price that no market made, one older than the one before, one that was kept back. */
type Faults = { unknown: number; backwards: number; stale: number }

/** How long before the end a tick must have been made to be missed. */
const graceMs = 2_000

/** When each value of each frame was due at the market. */
function originsOf(arrivals: Arrivals, journal: MadeTick[]): number[][] {
  const made = new Map<string, number[]>()
  for (const { tick, dueAtMs } of journal) {
    const key = tick.join(' ')
    const times = made.get(key)
    if (times) times.push(dueAtMs)
    else made.set(key, [dueAtMs])
  }
  const firstAtMs: number[] = []
  for (const [row, frame] of arrivals.frame.entries()) firstAtMs[frame] ??= arrivals.atMs[row] ?? 0
  return arrivals.frames.map(({ ticks }, frame) =>
    ticks.map((tick) => {
      const before = firstAtMs[frame] ?? 0
      // The same price and size may have been there before: what was sent is the newest.
      return made.get(tick.join(' '))?.findLast((atMs) => atMs <= before) ?? Number.NaN
    }),
  )
}

/** The age of each delivered value when it arrived at each client, and what was wrong at the first `sampled` clients. */
function agesOf(arrivals: Arrivals, journal: MadeTick[], sampled: number): { ages: Ages; faults: Faults } {
  const origins = originsOf(arrivals, journal)
  const count = arrivals.frame.reduce((sum, frame) => sum + (arrivals.frames[frame]?.ticks.length ?? 0), 0)
  const ages = new Float64Array(count)
  let next = 0
  for (const [row, frame] of arrivals.frame.entries()) {
    for (const origin of origins[frame] ?? []) ages[next++] = (arrivals.atMs[row] ?? 0) - origin
  }
  const known = ages.filter((age) => !Number.isNaN(age)).sort()
  const at = (share: number) => known[Math.floor((known.length - 1) * share)] ?? Number.NaN
  return {
    ages: { p50Ms: at(0.5), p99Ms: at(0.99), values: count },
    faults: faultsOf(arrivals, origins, journal, sampled),
  }
}

function faultsOf(
  { frames, frame, client, atMs }: Arrivals,
  origins: number[][],
  journal: MadeTick[],
  sampled: number,
): Faults {
  const faults: Faults = { unknown: 0, backwards: 0, stale: 0 }
  const seen = Array.from({ length: sampled }, () => new Map<string, number>())
  for (const [row, index] of frame.entries()) {
    const latest = seen[client[row] ?? sampled]
    for (const [nth, [symbol]] of (latest && frames[index]?.ticks.entries()) || []) {
      const origin = origins[index]?.[nth] ?? Number.NaN
      if (Number.isNaN(origin)) faults.unknown += 1
      else if (origin < (latest?.get(symbol) ?? 0)) faults.backwards += 1
      latest?.set(symbol, origin)
    }
  }
  const due = (atMs.at(-1) ?? 0) - graceMs
  const newest = new Map<string, number>()
  for (const { tick, dueAtMs: madeAt } of journal) if (madeAt < due) newest.set(tick[0], madeAt)
  for (const latest of seen) {
    for (const [symbol, madeAt] of newest) if ((latest.get(symbol) ?? 0) < madeAt) faults.stale += 1
  }
  return faults
}
