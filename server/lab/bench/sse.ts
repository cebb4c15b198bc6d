import { once } from 'node:events'
import { freePort } from '#server/database/embedded/launch.ts'
import { connectionsAllowed } from '#server/lab/testbed/child.ts'
import { type Appender, openAppender } from './appender.ts'
import { gatherAudience } from './audience.ts'
import { type Borrower, writeBorrowers } from './borrowers.ts'
import { type Arm, type Broadcast, broadcast, broadcastEntry, broadcasts } from './broadcast.ts'
import { markdownTable, median, pin, type Server, startServer } from './core.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

const here = import.meta.dirname
const people = 100
/** No beat comes in between: it would be a broadcast of its own. */
const raised = { MAX_SSE_PER_USER: '100000', HEARTBEAT_MS: '3600000' }

type ArmName = 'wireside' | 'res.write'
type StartArm = (flags?: string[]) => Promise<Arm>

/**
 * Event streams on one process: what an idle one holds, and what one broadcast of 200 bytes to all takes, beside a
 * naive server that does `res.write`, in turns.
 */
export async function benchSse(options: Set<string>): Promise<void> {
  const quick = options.has('--quick')
  const sizes = allowed(quick ? [1_000] : [1_000, 10_000, 19_000])
  const rounds = quick ? 1 : 3
  pin(process.pid, 1)
  await withBenchDatabase(async (databaseUrl) => {
    const followers = await writeBorrowers(databaseUrl, secret, people)
    const appender = await openAppender(databaseUrl)
    const arms = {
      wireside: (flags?: string[]) => startOurs(appender, databaseUrl, followers, flags),
      'res.write': startNaive,
    }
    try {
      console.log(premise(rounds))
      for (const count of options.has('--stall') ? [] : sizes) {
        const measured = await inTurns(arms, count, rounds)
        console.log(`\n${count} connections\n\n${broadcastTable(count, measured)}\n\n${ratios(measured)}`)
      }
      await blocks(arms, sizes.at(-1) ?? 0)
    } finally {
      await appender.close()
    }
  })
}

function allowed(sizes: number[]): number[] {
  const most = connectionsAllowed()
  for (const size of sizes.filter((size) => size > most)) {
    console.log(`${size} connections are left out: the open-file limit of a process here allows ${most}`)
  }
  return sizes.filter((size) => size <= most)
}

function premise(rounds: number): string {
  return `
Server on one core, client and Postgres on the other; ${broadcasts} broadcasts a round, median of ${rounds} rounds in turns.
wireside: as npm start starts it, as a gateway, no beat meanwhile (HEARTBEAT_MS=${raised.HEARTBEAT_MS}), limits raised. The clock runs from
before the append in another process: transaction, wake-up, the read of the log, all writes. res.write: from the
request that triggers it; no session, no database.`
}

async function startOurs(
  appender: Appender,
  databaseUrl: string,
  followers: Borrower[],
  flags: string[] = [],
): Promise<Arm> {
  return {
    server: await startWireside(databaseUrl, raised, flags),
    request: (nth) =>
      requestOf(`/api/streams/${broadcastEntry.stream}?after=now`, followers[nth % people]?.headers),
    send: () => appender.append(broadcastEntry),
  }
}

async function startNaive(flags: string[] = []): Promise<Arm> {
  const server = await startServer(`${here}/arms/res-write.ts`, await freePort(), {}, flags)
  const url = `http://127.0.0.1:${server.port}/broadcast`
  const body = JSON.stringify(broadcastEntry.data)
  return {
    server,
    request: () => requestOf('/stream'),
    send: async () => Number(await (await fetch(url, { method: 'POST', body })).text()),
  }
}

function requestOf(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n${headers}\r\n`
}

/** A fresh server each time, so that each turn's memory is its own. */
async function inTurns(
  arms: Record<ArmName, StartArm>,
  count: number,
  rounds: number,
): Promise<Record<ArmName, Broadcast>> {
  const measured: Record<ArmName, Broadcast[]> = { wireside: [], 'res.write': [] }
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ['wireside', 'res.write'] as const) {
      const arm = await arms[name]()
      measured[name].push(await broadcast(arm, count))
      await arm.server.stop()
    }
  }
  return { wireside: mediansOf(measured.wireside), 'res.write': mediansOf(measured['res.write']) }
}

function mediansOf(turns: Broadcast[]): Broadcast {
  const middle = (figure: keyof Broadcast) => median(turns.map((turn) => turn[figure]))
  const sum = (figure: keyof Broadcast) => turns.reduce((total, turn) => total + turn[figure], 0)
  return {
    connectMs: middle('connectMs'),
    idleKib: middle('idleKib'),
    afterKib: middle('afterKib'),
    lastMs: middle('lastMs'),
    worstMs: Math.max(...turns.map(({ worstMs }) => worstMs)),
    spreadMs: middle('spreadMs'),
    cpuMicros: middle('cpuMicros'),
    clientShare: middle('clientShare'),
    lost: sum('lost'),
    twice: sum('twice'),
  }
}

const rounds = 10
const flags = ['--import', `${import.meta.dirname}/arms/loop-meter.ts`]

/** How long one broadcast keeps the server from everything else: the longest block of its event loop. */
async function blocks(arms: Record<ArmName, StartArm>, count: number): Promise<void> {
  const rows: string[][] = []
  for (const name of ['wireside', 'res.write'] as const) {
    const { server, request, send } = await arms[name](flags)
    const audience = await gatherAudience({ ports: [server.port], request, count })
    const longest: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      await longestBlockMs(server)
      await audience.heard(await send())
      longest.push(await longestBlockMs(server))
    }
    audience.close()
    await server.stop()
    rows.push([name, `${median(longest).toFixed(0)} ms`, `${Math.max(...longest).toFixed(0)} ms`])
  }
  const head = ['arm', 'longest block of the event loop (median)', 'worst']
  console.log(`\nDuring a broadcast to ${count}\n\n${markdownTable(head, rows)}`)
}

/** The longest since it was asked last. */
async function longestBlockMs({ child }: Server): Promise<number> {
  child.send('longest')
  const [longestMs] = await once(child, 'message')
  return Number(longestMs)
}

/** One line for each arm. */
function broadcastTable(count: number, measured: Record<ArmName, Broadcast>): string {
  const head = [
    'arm',
    'all connected in',
    'KiB each, idle',
    'after the broadcasts',
    'the last has it in (median)',
    'worst',
    'first to last',
    'deliveries/s',
    'CPU a delivery',
    'client busy',
    'lost',
    'twice',
  ]
  const rows = Object.entries(measured).map(([arm, figures]) => [
    arm,
    `${(figures.connectMs / 1_000).toFixed(1)} s`,
    figures.idleKib.toFixed(1),
    figures.afterKib.toFixed(1),
    `${figures.lastMs.toFixed(0)} ms`,
    `${figures.worstMs.toFixed(0)} ms`,
    `${figures.spreadMs.toFixed(0)} ms`,
    String(Math.round((count * 1_000) / figures.lastMs)),
    `${figures.cpuMicros.toFixed(1)} µs`,
    `${Math.round(figures.clientShare * 100)} %`,
    String(figures.lost),
    String(figures.twice),
  ])
  return markdownTable(head, rows)
}

/** What the goals are about: ours against the naive arm's. */
function ratios({ wireside, 'res.write': naive }: Record<ArmName, Broadcast>): string {
  const times = (ours: number, theirs: number) => `${(ours / theirs).toFixed(2)} ×`
  return [
    `Memory after the broadcasts: ${times(wireside.afterKib, naive.afterKib)} res.write's (goal ≤ 0.9; stretch ≤ 5 KiB)`,
    `Time to the last: ${times(wireside.lastMs, naive.lastMs)} (goal ≤ 0.95, stretch ≤ 0.8); first to last: ${times(wireside.spreadMs, naive.spreadMs)}`,
    `CPU a delivery: ${times(wireside.cpuMicros, naive.cpuMicros)}`,
  ].join('\n')
}
