import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { type Ages, agesOf, type Faults } from './ages.ts'
import { createArrivals } from './arrivals.ts'
import type { Server } from './core.ts'
import { liveBytes } from './live-bytes.ts'
import { epochMs, type MadeTick } from './made-tick.ts'
import { type Entrance, letIn } from './watcher.ts'

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

  const first = await letIn(server.port, warm.clients, arm.entrance, tally)
  // The first start writes a history of candles before its market opens.
  if (arm.opens === 'by itself') await Promise.race([priced.promise, failure.promise])
  await pause(warm.forMs)
  for (const watcher of first) watcher.close()
  await pause(settleMs)
  const emptyBytes = await liveBytes(server)

  const watchers = await Promise.race([letIn(server.port, count, arm.entrance, tally), failure.promise])
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
