/**
 * `npm run lab:verify`: whether the lab's instruments tell the truth. The same run is counted by others at the same
 * time: tcpdump on the loopback interface, nginx's access log, Postgres' statement log, and clients that share nothing
 * with the lab's. Exits 1 when they disagree. Needs tcpdump, with the right to capture, and nginx.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import { roleOf } from '#server/lab/testbed/statistics.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'
import { forkCrowd } from '../crowd/fork-crowd.ts'
import { loggingProxy } from './access-log.ts'
import { capture } from './capture.ts'
import type { FromIndependent, ToIndependent } from './independent.ts'
import type { Carried } from './pcap.ts'
import { loggedStatements, statementLogSettings } from './statement-log.ts'

const clients = 10
// Not in step with the polls, whose phases would otherwise be few.
const writing = { eventsPerSecond: 21.7, burst: 1, payloadBytes: 200, seconds: 15 }
/** So often that the median of so many polls is known to a fraction of a millisecond. */
const pollMs = 20
const mostBytesOff = 0.01
const mostMsOff = 1

type Row = {
  lane: DeliveryName
  crowd: CrowdFigures
  carried: Carried
  logged: number
  queries: number
  statements: number
  independentP50Ms: number
}

async function measure(): Promise<Row[]> {
  await using opened = new AsyncDisposableStack()
  const testbed = await openTestbed({ runId: 'verify', postgres: statementLogSettings })
  opened.defer(() => testbed.close())
  const ports = Object.fromEntries(deliveryNames.map((lane) => [lane, testbed.gateways[lane].port]))
  const proxy = await loggingProxy(ports as Record<DeliveryName, number>)
  opened.defer(() => proxy.close())
  const { cookie } = await testbed.person()
  const { stream } = testbed

  const capturing = await capture(Object.values(proxy.ports))
  const lanes = deliveryNames.map((lane) => ({ lane, count: clients, port: proxy.ports[lane], pollMs }))
  const crowd = await forkCrowd({ stream, cookie, lanes })
  opened.defer(() => crowd.close())
  await crowd.open()
  const others = new Map(
    deliveryNames.map((lane) => [
      lane,
      independent({
        ...{
          type: 'follow',
          lane,
          port: testbed.gateways[lane].port,
          stream,
          cookie,
          pollMs,
          count: clients,
        },
      }),
    ]),
  )
  await Promise.all([...others.values()].map(({ ready }) => ready))

  await testbed.writer.write(writing)
  const commits = await testbed.committed(0)
  crowd.committed(commits)
  const state = await crowd.finish(5_000)
  const arrivals = new Map<DeliveryName, [number, number][]>()
  for (const [lane, { stop }] of others) arrivals.set(lane, await stop())

  const captured = await capturing.end()
  // They end before they are counted, so that nothing is asked between one count and the other.
  await Promise.all(deliveryNames.map((lane) => testbed.gateways[lane].end('SIGTERM')))
  const logged = await proxy.logged()
  const queries = await testbed.queries()
  const statements = await loggedStatements(testbed.postgresLogFile)
  const committedAt = new Map(commits.map(({ seq, atMs }) => [seq, atMs]))
  return deliveryNames.map((lane) => {
    const crowdFigures = state.lanes[lane]
    const carried = captured.get(proxy.ports[lane])
    if (!crowdFigures || !carried) throw new Error(`Nothing was counted for "${lane}"`)
    const ages = (arrivals.get(lane) ?? []).map(([seq, atMs]) => atMs - (committedAt.get(seq) ?? Number.NaN))
    return {
      ...{ lane, crowd: crowdFigures, carried, logged: logged[lane], queries: queries[lane] },
      statements: statements.get(roleOf(lane)) ?? 0,
      independentP50Ms: ages.toSorted((a, b) => a - b)[Math.floor(ages.length / 2)] ?? Number.NaN,
    }
  })
}

function independent(order: Extract<ToIndependent, { type: 'follow' }>) {
  const child = fork(`${import.meta.dirname}/independent.ts`)
  child.send(order)
  return {
    ready: once(child, 'message'),
    async stop(): Promise<[number, number][]> {
      const told = once(child, 'message') as Promise<[FromIndependent]>
      child.send({ type: 'stop' } satisfies ToIndependent)
      const [message] = await told
      return message.type === 'arrivals' ? message.arrivals : []
    },
  }
}

type Check = { name: string; ours: number; theirs: number; agree: boolean }

function checksOf({ crowd, carried, logged, queries, statements, independentP50Ms }: Row): Check[] {
  const p50Ms = crowd.latency.p50Ms ?? Number.NaN
  const near = (ours: number, theirs: number) => Math.abs(ours - theirs) <= theirs * mostBytesOff
  return [
    { name: 'bytes up', ours: crowd.bytesUp, theirs: carried.up, agree: near(crowd.bytesUp, carried.up) },
    {
      ...{ name: 'bytes down', ours: crowd.bytesDown, theirs: carried.down },
      agree: near(crowd.bytesDown, carried.down),
    },
    { name: 'requests', ours: crowd.requests, theirs: logged, agree: crowd.requests === logged },
    { name: 'queries', ours: queries, theirs: statements, agree: queries === statements },
    {
      ...{ name: 'p50, ms', ours: p50Ms, theirs: independentP50Ms },
      agree: Math.abs(p50Ms - independentP50Ms) <= mostMsOff,
    },
  ]
}

const figure = (value: number) => (Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(2))

const rows = await measure()
const checks = rows.map((row) => ({ lane: row.lane, checks: checksOf(row) }))
const names = checks[0]?.checks.map(({ name }) => name) ?? []
console.log(`| lab / others | ${names.join(' | ')} |`)
console.log(`|:--${'|--:'.repeat(names.length)}|`)
for (const { lane, checks: cells } of checks) {
  const texts = cells.map(
    ({ ours, theirs, agree }) => `${figure(ours)} / ${figure(theirs)}${agree ? '' : ' ✗'}`,
  )
  console.log(`| ${lane} | ${texts.join(' | ')} |`)
}
const disagree = checks.flatMap(({ checks: cells }) => cells).filter(({ agree }) => !agree)
console.log(
  disagree.length === 0
    ? '\nAll agree: bytes within 1 %, requests and queries exactly, latency within 1 ms at the median.'
    : `\n${disagree.length} disagree (✗).`,
)
if (disagree.length > 0) process.exitCode = 1
