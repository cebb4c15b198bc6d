import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { CrowdFigures, Incident, LaneReport, Machine, RunReport } from '#server/protocol/lab-report.ts'
import type { LaneDoors, LaneSignIn, RunEvent } from '#server/protocol/lab-runs.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'
import type { CrowdLane } from '../crowd/crowd.ts'
import { forkCrowd } from '../crowd/fork-crowd.ts'
import { costOfALink } from './cost-of-a-link.ts'
import { type Links, openLinks } from './links.ts'
import { eachLane, figuresSince, nothingCounted, type Reading, readMeters } from './meters.ts'
import { watchRun } from './watching.ts'

type ScenarioOptions = {
  runId: string
  tell: (event: RunEvent) => void
  /** On abort the run ends early, and reports what it has. */
  signal: AbortSignal
  /** Opens lanes for pages of these origins; for none when empty. */
  pageOrigins: readonly string[]
  /** Receives such a page's credentials, before its lanes open. */
  admit?: (signIn: LaneSignIn) => void
}

/** How long memory and meters take to settle. */
const settleMs = 1_500
/** How long a page gets to receive the last entries before its lanes close, after its last poll is due. */
const farewellMs = 2_000
const longestPollMs = 60_000

/** Plays one stream of events through all four deliveries, and reports each one's cost and losses. */
export async function playScenario(
  scenario: Scenario,
  { runId, tell, signal, pageOrigins, admit }: ScenarioOptions,
): Promise<RunReport> {
  await using opened = new AsyncDisposableStack()
  tell({ type: 'state', state: 'preparing', detail: 'Starting Postgres and one process per lane' })
  const testbed = await openTestbed({ runId, trustedOrigins: pageOrigins })
  opened.defer(() => testbed.close())
  const machine = thisMachine(testbed.postgresVersion)
  const { cookie } = await testbed.person()
  const visitor = pageOrigins.length > 0 ? await testbed.person() : undefined

  let startedAt = performance.now()
  const now = () => performance.now() - startedAt
  const incidents: Incident[] = []
  const lines = await openLinks(testbed, scenario.network, {
    withBrowser: visitor !== undefined,
    tell({ lastsMs, ...what }) {
      const incident = { ...what, atMs: now(), ...(lastsMs !== undefined && { untilMs: now() + lastsMs }) }
      incidents.push(incident)
      tell({ type: 'incident', incident })
    },
  })
  opened.defer(() => lines.close())
  const line = await costOfALink(testbed.gateways.short.port)

  tell({ type: 'state', state: 'preparing', detail: 'Connecting the clients' })
  const lanes = crowdLanes(scenario, lines.crowdPort)
  await warmUp(testbed.stream, cookie, lanes)
  const crowd = await forkCrowd({ stream: testbed.stream, cookie, lanes })
  opened.defer(() => crowd.close())
  await pause(settleMs)
  const empty = await readMeters(testbed)
  await crowd.open()
  await pause(settleMs)
  const ready = await readMeters(testbed)
  const before = {
    crowdMs: (await crowd.figures()).cpuMs,
    writerMs: testbed.writer.cpuMs(),
    own: process.cpuUsage(),
  }

  const wallStart = new Date().toISOString()
  startedAt = performance.now()
  lines.begin()
  const doors = visitor && lines.browser && doorsOf(testbed.stream, lines.browser)
  if (visitor) admit?.({ email: visitor.email, password: visitor.password })
  tell({ type: 'state', state: 'running', startedAt: wallStart, ...(doors && { doors }) })
  const watching = watchRun({ testbed, crowd, lines, before: empty.lanes, now, tell })
  const stop = () => testbed.writer.stop()
  signal.addEventListener('abort', stop)
  const over = new AbortController()
  const watched = watching.keepLooking(over.signal)
  const writing = testbed.writer.write(scenario)
  if (signal.aborted) stop()
  const { lateMs } = await Promise.race([writing, watched.then(() => writing)])
  over.abort()
  await watched
  signal.removeEventListener('abort', stop)

  tell({ type: 'state', state: 'finishing', detail: 'Waiting for entries in flight' })
  lines.heal()
  await watching.look()
  const seconds = now() / 1_000
  const played = await readMeters(testbed)
  const state = await crowd.finish(patienceMs(scenario))
  const { user, system } = process.cpuUsage(before.own)
  const elapsedMs = now()
  const lastPollMs = seconds * 1_000 + Math.min(scenario.pollMs, longestPollMs)
  if (doors) await pause(Math.max(0, lastPollMs - now()) + farewellMs)
  const end = await readMeters(testbed)
  const readings = { empty: empty.lanes, ready: ready.lanes, played: played.lanes, end: end.lanes }
  return {
    ...{ scenario, machine, startedAt: wallStart, seconds, written: watching.written() },
    lanes: eachLane((lane) => laneReport(lane, scenario, state.lanes[lane] ?? nothingCounted, readings)),
    ...(state.lanes.control && { control: state.lanes.control }),
    observer: {
      ...line,
      crowdCpuShare: (state.cpuMs - before.crowdMs) / elapsedMs,
      labCpuShare: (user + system) / 1_000 / elapsedMs,
      writerCpuShare: (testbed.writer.cpuMs() - before.writerMs) / elapsedMs,
      queries: end.labQueries - empty.labQueries,
      writerLateMs: lateMs,
    },
    ...{ incidents, samples: [...watching.samples] },
  }
}

const warmUpClients = 50

/**
 * Connects and disconnects a few clients before a large crowd: memory that a process allocates for its first clients
 * stays, and would otherwise count as theirs.
 */
async function warmUp(stream: string, cookie: string, lanes: readonly CrowdLane[]): Promise<void> {
  if (lanes.every(({ count }) => count < enoughClients)) return
  const few = lanes.map((lane) => ({ ...lane, count: Math.min(lane.count, warmUpClients) }))
  const crowd = await forkCrowd({ stream, cookie, lanes: few })
  await crowd.open()
  await crowd.close()
}

function doorsOf(stream: string, browser: NonNullable<Links['browser']>): LaneDoors {
  return { stream, ports: eachLane((lane) => browser[lane].port) }
}

/** The machine of a measurement. */
function thisMachine(postgres: string): Machine {
  const all = cpus()
  return {
    cores: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    os: `${platform()} ${release()}`,
    node: process.version,
    postgres,
    loadBefore: loadavg()[0] ?? 0,
  }
}

/** Meter readings: before the crowd, with the crowd connected and settled, after the last event, and at the end. */
type Readings = { empty: Reading; ready: Reading; played: Reading; end: Reading }

/** With fewer clients, heap fluctuations exceed what they hold; polls hold nothing. */
const enoughClients = 100

/**
 * The figures of one lane. Statements count over the crowd's whole lifetime, as its requests and bytes do; CPU only
 * while events are written, to exclude connecting.
 */
function laneReport(
  lane: DeliveryName,
  { clients }: Scenario,
  crowd: CrowdFigures,
  { empty, ready, played, end }: Readings,
): LaneReport {
  const { queries, residentBytes } = figuresSince(empty[lane], end[lane])
  const { cpuMs } = figuresSince(ready[lane], played[lane])
  const { received } = crowd.ledger
  const grownBytes = ready[lane].residentBytes - empty[lane].residentBytes
  const holds = lane !== 'short' && clients[lane] >= enoughClients
  return {
    ...crowd,
    ...{ queries, cpuMs, residentBytes },
    cpuMsPerThousand: received > 0 ? (cpuMs * 1_000) / received : null,
    memoryKibPerConnection: holds ? grownBytes / 1_024 / clients[lane] : null,
  }
}

const controls = 5

/** The clients of a scenario, and their ports. */
function crowdLanes(
  { clients, pollMs, network }: Scenario,
  portOf: (lane: DeliveryName) => number,
): CrowdLane[] {
  const lanes: CrowdLane[] = deliveryNames.map((lane) => ({
    ...{ lane, count: clients[lane], port: portOf(lane), pollMs },
  }))
  // The naive client loses only where something breaks; elsewhere it would only burden the lane that it borrows.
  if (network.kind !== 'clean') {
    lanes.push({ lane: 'control', count: Math.min(controls, clients.sse), port: portOf('sse') })
  }
  return lanes.filter(({ count }) => count > 0)
}

/**
 * How long entries in flight may take after the last event: a round of polls, a recovery from a fault, and a margin.
 */
function patienceMs({ pollMs, network }: Scenario): number {
  return 5_000 + 1.5 * Math.min(pollMs, 60_000) + healingMs(network)
}

/** How long it may take until the last client of a cut crowd is back. */
const crowdBackMs = 20_000

function healingMs(network: Scenario['network']): number {
  switch (network.kind) {
    case 'clean':
    case 'buffering':
      return 0
    case 'slow':
      return 2 * (network.delayMs + network.jitterMs)
    case 'cut':
    case 'idle-timeout':
    case 'freeze':
      return crowdBackMs
  }
}
