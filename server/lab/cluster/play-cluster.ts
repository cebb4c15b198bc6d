import { setTimeout as pause } from 'node:timers/promises'
import type { Cluster } from '#server/cluster/open-cluster.ts'
import { hasKafkaJars, kafkaMissing } from '#server/engines/kafka/jars.ts'
import type { Crowd } from '#server/lab/crowd/crowd.ts'
import { forkCrowd } from '#server/lab/crowd/fork-crowd.ts'
import { startClusterNodes } from '#server/lab/testbed/cluster-nodes.ts'
import { hearHops } from '#server/lab/testbed/hear-hops.ts'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import type { Testbed } from '#server/lab/testbed/testbed.ts'
import { type ClusterAction, type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { ClusterLedger, ClusterPart, ClusterReport } from '#server/protocol/lab-cluster.ts'
import type { Incident } from '#server/protocol/lab-report.ts'
import type { RunEvent } from '#server/protocol/lab-runs.ts'
import { actOnCluster } from './act-on-cluster.ts'
import { createRates } from './rates.ts'
import { openEngines } from './read-engines.ts'
import { readNode } from './read-node.ts'
import { openTracer, type Tracer } from './trace-messages.ts'

type PlayingCluster = {
  runId: string
  tell(event: RunEvent): void
  /** On abort it closes and reports. */
  signal: AbortSignal
  onAction(listener: (action: ClusterAction) => void): void
  onWatched(listener: (isWatched: boolean) => void): void
}

const gateways = 2
const clientsEach = 3
const pollMs = 2_000
const eventsPerSecond = 2
const payloadBytes = 100
/** Longer than anybody watches. */
const seconds = 86_400
const lookEveryMs = 1_000

/** A cluster on this machine with the engines that it has, and a small crowd on it, until the signal is aborted. */
export async function playCluster({
  runId,
  tell,
  signal,
  onAction,
  onWatched,
}: PlayingCluster): Promise<ClusterReport> {
  await using opened = new AsyncDisposableStack()
  const started = Promise.withResolvers<Cluster>()
  tell({ type: 'state', state: 'preparing', detail: 'Starting Postgres, the engines and the nodes' })
  const hops = await hearHops()
  opened.defer(hops.close)
  const opening = openTestbed({
    runId,
    postgres: { max_connections: '400', fsync: 'off', full_page_writes: 'off' },
    async startNodes(databaseUrl) {
      const nodes = await startClusterNodes(databaseUrl, {
        ...{ gateways, engines: ['redis', 'kafka'], others: othersHere(), keptRunning: true },
        settings: { TICKS_PER_SECOND: '10', ...hops.settings },
      })
      started.resolve(nodes.cluster)
      return nodes
    },
  })
  // An abort during the start does not wait: what has started ends with this process.
  const testbed = await Promise.race([opening, aborted(signal)])
  opened.defer(() => testbed.close())
  const cluster = await started.promise
  const engines = await openEngines(cluster, testbed.databaseUrl)
  opened.defer(() => engines.close())
  signal.throwIfAborted()
  const tracer = await openTracer({ testbed, hops, nodes: cluster.nodes })
  opened.defer(tracer.close)
  const { cookie } = await testbed.person()
  const crowd = await forkCrowd({ stream: testbed.stream, cookie, lanes: lanesOf(testbed) })
  opened.defer(() => crowd.close())
  await crowd.open()

  const startedAt = performance.now()
  const timeline: Incident[] = []
  tell({ type: 'state', state: 'running', startedAt: new Date().toISOString() })
  onAction(
    actOnCluster({
      cluster,
      now: () => performance.now() - startedAt,
      tell(incident) {
        timeline.push(incident)
        tell({ type: 'incident', incident })
      },
      async sendBetween(sender, receiver) {
        tell({ type: 'trace', trace: await tracer.between(sender, receiver) })
      },
    }),
  )
  const browsers = watchCrowd(testbed, crowd)
  const writing = testbed.writer.write({ eventsPerSecond, burst: 1, payloadBytes, seconds })
  signal.addEventListener('abort', () => testbed.writer.stop(), { once: true })
  let isWatched = false
  onWatched((now) => {
    isWatched = now
  })
  const tracing = keepTracing(tracer, { signal, tell, isWatched: () => isWatched })
  const rates = createRates()
  // The lab's clients speak plain HTTP, so missing TLS is not a shortcoming of this machine.
  const missing = cluster.missing.filter((line) => !line.startsWith('No TLS'))
  while (!signal.aborted) {
    const nodes = cluster.nodes()
    const [{ ledger, connected }, ...parts] = await Promise.all([
      browsers.look(),
      engines.read(rates),
      ...nodes.map((node) => readNode(node, rates).then((part) => [part])),
    ])
    tell({
      ...{ type: 'cluster', ledger, missing },
      parts: [crowdPart(ledger, connected, rates), ...parts.flat()],
    })
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
  tell({ type: 'state', state: 'finishing', detail: 'Draining the nodes' })
  await Promise.all([writing, tracing])
  const { ledger } = await browsers.finish()
  return {
    seconds: (performance.now() - startedAt) / 1_000,
    ...{ ledger, timeline },
    parts: cluster.nodes().map(({ name }) => name),
  }
}

type Tracing = Pick<PlayingCluster, 'signal' | 'tell'> & { isWatched(): boolean }

/** Traces a message a second while somebody looks. */
async function keepTracing(tracer: Tracer, { signal, tell, isWatched }: Tracing): Promise<void> {
  while (!signal.aborted) {
    if (isWatched()) {
      // While a gateway restarts, one may come too late to be traced: the next one tells more.
      const trace = await tracer.throughEntrance().catch(() => undefined)
      if (trace) tell({ type: 'trace', trace })
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

const hasKafka = kafkaMissing === undefined && hasKafkaJars
const othersHere = () => ['worker', 'prices', ...(hasKafka ? ['relay'] : [])]

/** All through the entrance, like browsers. */
function lanesOf({ gateways }: Testbed) {
  return deliveryNames.map((lane) => ({ lane, count: clientsEach, port: gateways[lane].port, pollMs }))
}

const patienceMs = 8_000

/** Reports commits to the crowd, and sums up its figures. */
function watchCrowd(testbed: Testbed, crowd: Crowd) {
  let written = 0
  async function tellCommits() {
    const commits = await testbed.committed(written)
    crowd.committed(commits)
    written = commits.at(-1)?.seq ?? written
  }
  const summed = ({ lanes }: Awaited<ReturnType<Crowd['figures']>>) => {
    const each = deliveryNames.flatMap((lane: DeliveryName) => lanes[lane] ?? [])
    const sum = (of: (figures: (typeof each)[number]) => number) =>
      each.reduce((all, figures) => all + of(figures), 0)
    return {
      connected: sum(({ connected }) => connected),
      ledger: {
        received: sum(({ ledger }) => ledger.received),
        lost: sum(({ ledger }) => ledger.lost),
        repeated: sum(({ ledger }) => ledger.repeated),
        reconnects: sum(({ reconnects }) => reconnects),
      } satisfies ClusterLedger,
    }
  }
  return {
    async look() {
      await tellCommits()
      return summed(await crowd.figures())
    },
    async finish() {
      await tellCommits()
      return summed(await crowd.finish(patienceMs))
    },
  }
}

function crowdPart(
  { received }: ClusterLedger,
  connected: number,
  rates: ReturnType<typeof createRates>,
): ClusterPart {
  return {
    ...{ name: 'browsers', kind: 'browsers', state: 'ready', pid: null, port: null },
    connections: connected,
    eventsPerSecond: rates.perSecond('crowd', received),
    ...{ wakeUpsPerSecond: null, queriesPerSecond: null, cpuShare: null, residentBytes: null },
  }
}
