import { setTimeout as pause } from 'node:timers/promises'
import {
  type DeliveryName,
  deliveryNames,
  type Incident,
  type LaneReport,
  type RunEvent,
  type RunReport,
  type Sample,
  type Scenario,
} from '#server/protocol/lab.ts'
import { openTestbed } from '#server/testbed/open-testbed.ts'
import { type CrowdLane, type CrowdState, forkCrowd } from '../crowd/fork-crowd.ts'
import { openLines } from './lines.ts'
import { thisMachine } from './machine.ts'
import { type Reading, readMeters, since } from './meters.ts'
import { nothingCounted } from './nothing-counted.ts'
import { costOfALine } from './observer.ts'
import { type Figures, sampleBetween } from './samples.ts'

export type Playing = {
  runId: string
  tell: (event: RunEvent) => void
  /** Aborted, the run comes to its end early, and reports what it has. */
  signal: AbortSignal
  /** Doors for a page of these origins; none without. */
  pageOrigins?: readonly string[]
}

const lookEveryMs = 500
const settleMs = 1_500
const controls = 5
/** What a page needs to hear of the last entries before its doors close. */
const farewellMs = 2_000

/** Plays one stream of events down all four deliveries, and reports what each cost and what each lost. */
export async function playScenario(
  scenario: Scenario,
  { runId, tell, signal, pageOrigins = [] }: Playing,
): Promise<RunReport> {
  await using opened = new AsyncDisposableStack()
  tell({ type: 'state', state: 'preparing', detail: 'A Postgres, and a process for each lane' })
  const testbed = await openTestbed({ runId, trustedOrigins: pageOrigins })
  opened.defer(() => testbed.close())
  const machine = thisMachine(testbed.postgresVersion)
  const crowdPerson = await testbed.person()
  const visitor = pageOrigins.length > 0 ? await testbed.person() : undefined

  const incidents: Incident[] = []
  let startedAt = performance.now()
  const now = () => performance.now() - startedAt
  const lines = await openLines(testbed, scenario.network, {
    withBrowser: visitor !== undefined,
    tell({ lastsMs, ...what }) {
      const incident = { ...what, atMs: now(), ...(lastsMs !== undefined && { untilMs: now() + lastsMs }) }
      incidents.push(incident)
      tell({ type: 'incident', incident })
    },
  })
  opened.defer(() => lines.close())
  const proxy = await costOfALine(testbed.gateways.short.port)

  tell({ type: 'state', state: 'preparing', detail: 'The crowd comes in' })
  const crowd = await forkCrowd({
    stream: testbed.stream,
    cookie: crowdPerson.cookie,
    lanes: crowdLanes(scenario, lines.crowdPort),
  })
  opened.defer(() => crowd.close())
  await pause(settleMs)
  const empty = await readMeters(testbed)
  await crowd.open()
  await pause(settleMs)
  const ready = await readMeters(testbed)

  const crowdCpuBefore = (await crowd.figures()).cpuMs
  const cpuBefore = process.cpuUsage()
  const writerBefore = testbed.writer.cpuMs()
  const startedWall = new Date()
  startedAt = performance.now()
  lines.begin()
  tell({
    type: 'state',
    state: 'running',
    startedAt: startedWall.toISOString(),
    ...(lines.browser && visitor && { doors: doorsOf(testbed.stream, lines.browser, visitor) }),
  })

  const samples: Sample[] = []
  let written = 0
  let latest = figuresOf(0, await crowd.figures(), empty.lanes, ready.lanes)
  const look = async () => {
    const recent: [number, number][] = []
    for (;;) {
      const commits = await testbed.committed(written)
      crowd.committed(commits)
      written = commits.at(-1)?.seq ?? written
      for (const { seq, atMs } of commits) recent.push([seq, atMs])
      if (commits.length < 5_000) break
    }
    const state = await crowd.figures()
    const meters = await readMeters(testbed)
    const figures = figuresOf(now(), state, empty.lanes, meters.lanes)
    const sample = sampleBetween(latest, figures)
    samples.push(sample)
    latest = figures
    tell({
      type: 'figures',
      atMs: figures.atMs,
      written,
      recent,
      lanes: mapLanes((lane) => ({ ...figures.lanes[lane], cpuShare: sample.lanes[lane].cpuShare })),
      ...(state.lanes.control && { control: state.lanes.control }),
      ...(lines.browser && { browser: bytesOf(lines.browser) }),
      sample,
    })
  }

  const stop = () => testbed.writer.stop()
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const writing = testbed.writer.write(scenario)
  const looking = new AbortController()
  const looks = repeat(look, lookEveryMs, looking.signal)
  const { lateMs } = await writing.finally(() => looking.abort())
  await looks
  signal.removeEventListener('abort', stop)

  tell({ type: 'state', state: 'finishing', detail: 'What is on its way may still come' })
  // The lines do what they do by the clock until everybody has had the time to come back.
  await look()
  const seconds = now() / 1_000
  const end = await readMeters(testbed)
  const measured = mapLanes((lane) => since(ready.lanes[lane], end.lanes[lane]))
  const state = await crowd.finish(patienceOf(scenario))
  await look()
  if (lines.browser) await pause(farewellMs)
  const last = await readMeters(testbed)
  const { user, system } = process.cpuUsage(cpuBefore)

  return {
    ...{ scenario, machine, startedAt: startedWall.toISOString(), seconds, written },
    lanes: mapLanes((lane): LaneReport => {
      const crowdFigures = state.lanes[lane] ?? nothingCounted
      const { cpuMs } = measured[lane]
      const { queries, residentBytes } = since(empty.lanes[lane], last.lanes[lane])
      return {
        ...crowdFigures,
        ...{ queries, cpuMs, residentBytes },
        cpuMsPerThousand:
          crowdFigures.ledger.received > 0 ? (cpuMs * 1_000) / crowdFigures.ledger.received : null,
        memoryKibPerConnection: memoryOf(
          lane,
          scenario,
          ready.lanes[lane].residentBytes - empty.lanes[lane].residentBytes,
        ),
      }
    }),
    ...(state.lanes.control && { control: state.lanes.control }),
    observer: {
      directMs: proxy.directMs,
      proxiedMs: proxy.proxiedMs,
      crowdCpuShare: (state.cpuMs - crowdCpuBefore) / now(),
      labCpuShare: (user + system) / 1_000 / now(),
      writerCpuShare: (testbed.writer.cpuMs() - writerBefore) / now(),
      queries: last.labQueries - empty.labQueries,
      writerLateMs: lateMs,
    },
    ...{ incidents, samples },
  }
}

function mapLanes<T>(make: (lane: DeliveryName) => T): Record<DeliveryName, T> {
  return Object.fromEntries(deliveryNames.map((lane) => [lane, make(lane)])) as Record<DeliveryName, T>
}

function crowdLanes(
  { clients, pollMs, network }: Scenario,
  portOf: (lane: DeliveryName) => number,
): CrowdLane[] {
  const lanes: CrowdLane[] = deliveryNames.map((lane) => ({
    ...{ lane, count: clients[lane], port: portOf(lane), pollMs },
  }))
  // The naive client loses only where something breaks; elsewhere it would but weigh on the lane that it borrows.
  if (network.kind !== 'clean') {
    lanes.push({ lane: 'control', count: Math.min(controls, clients.sse), port: portOf('sse') })
  }
  return lanes.filter(({ count }) => count > 0)
}

function figuresOf(atMs: number, state: CrowdState, before: Reading, now: Reading): Figures {
  return {
    atMs,
    lanes: mapLanes((lane) => ({
      ...(state.lanes[lane] ?? nothingCounted),
      ...since(before[lane], now[lane]),
    })),
  }
}

function doorsOf(
  stream: string,
  browser: Record<DeliveryName, { port: number }>,
  { email, password }: { email: string; password: string },
) {
  return { stream, ports: mapLanes((lane) => browser[lane].port), signIn: { email, password } }
}

function bytesOf(browser: Record<DeliveryName, { bytesUp(): number; bytesDown(): number }>) {
  return mapLanes((lane) => ({ bytesUp: browser[lane].bytesUp(), bytesDown: browser[lane].bytesDown() }))
}

/** Of few clients the heap's own ups and downs are more than what they hold; a poll holds nothing. */
const enoughClients = 100

function memoryOf(lane: DeliveryName, { clients }: Scenario, grownBytes: number): number | null {
  const count = clients[lane]
  return lane === 'short' || count < enoughClients ? null : grownBytes / 1_024 / count
}

/** One round of polls, a way back after a cut, and some. */
function patienceOf({ pollMs, network }: Scenario): number {
  const healsMs = {
    clean: () => 0,
    slow: () => 2 * (network.kind === 'slow' ? network.delayMs + network.jitterMs : 0),
    cut: () => 10_000,
    freeze: () => (network.kind === 'freeze' ? network.forSeconds * 1_000 + 10_000 : 0),
    buffering: () => 0,
    'idle-timeout': () => 10_000,
  }
  return 5_000 + 1.5 * Math.min(pollMs, 60_000) + healsMs[network.kind]()
}

async function repeat(work: () => Promise<void>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const from = performance.now()
    await work()
    const restMs = Math.max(50, everyMs - (performance.now() - from))
    await pause(restMs, undefined, { signal }).catch(() => undefined)
  }
}
