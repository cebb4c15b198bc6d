import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '#server/database/ports.ts'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import { roleOf } from '#server/lab/testbed/statistics.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { CrowdFigures } from '#server/protocol/lab-report.ts'
import { forkCrowd } from '../crowd/fork-crowd.ts'
import { capture } from './capture.ts'
import type { FromIndependent, ToIndependent } from './independent.ts'
import type { CapturedBytes } from './pcap.ts'
import { startNginx } from './start-nginx.ts'

/**
 * `npm run lab:verify`: checks the lab's instruments. The same run is measured independently: by tcpdump on the
 * loopback interface, nginx's access log, Postgres' statement log, and clients that share no code with the lab's. Exits
 * 1 when they disagree. Needs tcpdump, with the right to capture, and nginx.
 */

const clients = 10
// Not a multiple of the poll rate, so that commits fall on all phases of a poll.
const writing = { eventsPerSecond: 21.7, burst: 1, payloadBytes: 200, seconds: 15 }
/** Frequent enough to know the median poll to a fraction of a millisecond. */
const pollMs = 20
const mostBytesOff = 0.01
const mostMsOff = 1

type Row = {
  lane: DeliveryName
  crowd: CrowdFigures
  carried: CapturedBytes
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
  // Ended before counting, so that no statement runs between one count and the other.
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

/** Makes Postgres log each statement after the role that ran it. */
const statementLogSettings = { log_statement: 'all', log_line_prefix: '%u ' }

/** Statements by role, from Postgres' log. */
async function loggedStatements(file: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const role = /^(\w+) LOG: {2}(?:statement|execute [^:]*): /.exec(line)?.[1]
    if (role !== undefined) counts.set(role, (counts.get(role) ?? 0) + 1)
  }
  return counts
}

/** An nginx in front of the lanes, for its access log. */
type LoggingProxy = {
  ports: Record<DeliveryName, number>
  /** Requests logged so far by lane, one line each. A stream is logged when it ends. */
  logged(): Promise<Record<DeliveryName, number>>
  close(): Promise<void>
}

/** Runs nginx with a port and an access log for each lane. */
async function loggingProxy(targets: Record<DeliveryName, number>): Promise<LoggingProxy> {
  const ports = {
    short: await freePort(),
    long: await freePort(),
    sse: await freePort(),
    socket: await freePort(),
  }
  const server = (lane: DeliveryName, dir: string) => `
      server {
        listen 127.0.0.1:${ports[lane]} backlog=4096;
        access_log ${logOf(dir, lane)} plain;
        location / {
          proxy_pass http://127.0.0.1:${targets[lane]};
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_upgrade;
          proxy_read_timeout 120s;
        }
      }`
  const { dir, close } = await startNginx(
    ports.socket,
    (dir) => `
      log_format plain '$request $status';
      keepalive_requests 1000000;
      map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
      ${deliveryNames.map((lane) => server(lane, dir)).join('\n')}`,
  )
  return {
    ports,
    async logged() {
      const counts = deliveryNames.map(async (lane) => {
        const text = await readFile(logOf(dir, lane), 'utf8')
        return [lane, text.split('\n').filter((line) => line.startsWith('GET ')).length] as const
      })
      return Object.fromEntries(await Promise.all(counts)) as Record<DeliveryName, number>
    },
    close,
  }
}

const logOf = (dir: string, lane: DeliveryName) => join(dir, `${lane}.log`)

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
