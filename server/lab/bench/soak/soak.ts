import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from '#server/cluster/open-cluster.ts'
import { kafkaMissing } from '#server/engines/kafka/jars.ts'
import { redisPath } from '#server/engines/redis.ts'
import type { CrowdLane } from '#server/lab/crowd/crowd.ts'
import { forkCrowd } from '#server/lab/crowd/fork-crowd.ts'
import { startClusterNodes } from '#server/lab/testbed/cluster-nodes.ts'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { emptyLedger } from '#server/protocol/lab-ledger.ts'
import type { Ledger } from '#server/protocol/lab-report.ts'
import { faultsOf, shuffled } from './faults.ts'
import { type Life, watchMemory } from './memory-watch.ts'

export type SoakOptions = {
  /** Of all four deliveries together. */
  clients: number
  /** Of clients that come back without a cursor, which show that the faults were real. */
  controls: number
  forMs: number
  faultEveryMs: number
  /** After which a process counts as warm. */
  warmMs: number
  eventsPerSecond: number
  random: () => number
  tell(line: string): void
}

export type Soaked = {
  faults: string[]
  written: number
  ledger: Ledger
  control: Ledger
  reconnects: number
  lives: Life[]
}

const payloadBytes = 100
const pollMs = 5_000
const lookEveryMs = 500
const sampleEveryMs = 2_000
const settleMs = 30_000

/** A cluster of three gateways under load, in which something breaks again and again. */
export async function soak(options: SoakOptions): Promise<Soaked> {
  const { forMs, eventsPerSecond, tell } = options
  await using opened = new AsyncDisposableStack()
  const started = Promise.withResolvers<Cluster>()
  const testbed = await openTestbed({
    runId: 'soak',
    async startNodes(databaseUrl) {
      const nodes = await startClusterNodes(databaseUrl, {
        ...{ gateways: 3, webs: 1, settings: { DRAIN_DELAY_MS: '3000' } },
        engines: [...(redisPath ? (['redis'] as const) : []), ...(kafkaMissing ? [] : (['kafka'] as const))],
      })
      started.resolve(nodes.cluster)
      return nodes
    },
  })
  opened.defer(() => testbed.close())
  const cluster = await started.promise
  for (const line of cluster.missing) tell(line)
  const { cookie } = await testbed.person()
  const { port } = testbed.gateways.sse
  const crowd = await forkCrowd({ stream: testbed.stream, cookie, lanes: lanesOf(options, port) })
  opened.defer(() => crowd.close())
  await crowd.open()
  tell(`${options.clients} clients are connected`)

  const { haproxy, redis, kafka } = cluster.engines
  const engines = [haproxy, redis, kafka].filter((engine) => engine !== undefined)
  const memory = watchMemory(() => [...cluster.nodes(), ...engines], sampleEveryMs, options.warmMs)
  let head = 0
  const look = async () => {
    const commits = await testbed.committed(head)
    head = commits.at(-1)?.seq ?? head
    crowd.committed(commits)
    return head
  }
  const isOver = new AbortController()
  const looking = keepLooking(look, isOver.signal)
  const writing = testbed.writer.write({ eventsPerSecond, burst: 1, payloadBytes, seconds: forMs / 1_000 })
  const faults = await breakThings(cluster, testbed, options)
  await writing
  isOver.abort()
  await looking
  await testbed.writer.say(1)
  const written = await look()
  const lives = memory.end()
  const { lanes } = await crowd.finish(settleMs)
  const ours = deliveryNames.map((name) => lanes[name]).filter((lane) => lane !== undefined)
  return {
    ...{ faults, written, lives },
    ledger: sumOf(ours.map(({ ledger }) => ledger)),
    control: lanes.control?.ledger ?? emptyLedger(),
    reconnects: ours.reduce((sum, { reconnects }) => sum + reconnects, 0),
  }
}

function lanesOf({ clients, controls }: SoakOptions, port: number): CrowdLane[] {
  const count = clients / deliveryNames.length
  return [
    ...deliveryNames.map((lane) => ({ lane, count, port, pollMs })),
    { lane: 'control', count: controls, port },
  ]
}

async function breakThings(
  cluster: Cluster,
  testbed: Awaited<ReturnType<typeof openTestbed>>,
  { forMs, faultEveryMs, random, tell }: SoakOptions,
): Promise<string[]> {
  const happened: string[] = []
  const startedAt = performance.now()
  // The last one has time to heal.
  const until = startedAt + forMs - faultEveryMs
  for (const fault of shuffled(faultsOf(cluster, testbed, random), random)) {
    await pause(Math.max(0, startedAt + (happened.length + 1) * faultEveryMs - performance.now()))
    if (performance.now() > until) break
    const atSeconds = ((performance.now() - startedAt) / 1_000).toFixed(0)
    await fault.happen()
    happened.push(fault.name)
    tell(`${atSeconds} s: ${fault.name}`)
  }
  return happened
}

/** While Postgres is away it is asked again. */
async function keepLooking(look: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look().catch(() => undefined)
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

function sumOf(ledgers: readonly Ledger[]): Ledger {
  const total = emptyLedger()
  for (const ledger of ledgers)
    for (const key of Object.keys(total) as (keyof Ledger)[]) total[key] += ledger[key]
  return total
}
