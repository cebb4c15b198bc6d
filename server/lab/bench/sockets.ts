import { freePort } from '#server/database/embedded/launch.ts'
import { instruments } from '#server/domain/trading/instruments.ts'
import { socketPath } from '#server/protocol/socket.ts'
import { type Borrower, writeBorrowers } from './borrowers.ts'
import { collectorFlags, markdownTable, median, pin, type Server, startServer } from './core.ts'
import { type Talk, type TalkNames, talkInRoom } from './room-talk.ts'
import { type TickArm, type TickRound, ticksRound } from './ticks-round.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

const here = import.meta.dirname
const people = 100
const clients = 1_000
const perSecond = 300
const raised = {
  ROLES: 'web,gateway,prices',
  MAX_SOCKETS_PER_USER: '100000',
  PACKETS_PER_SECOND: '1000000',
  CHAT_BURST: '1000000',
  CHAT_PER_SECOND: '1000000',
}
const tickArms = ['wireside', 'ws, batched', 'naive'] as const
type TickArmName = (typeof tickArms)[number]

/** 1,000 clients on the prices of one process, beside a naive one and bare `ws`, in turns; and a busy room. */
export async function benchSockets(options: Set<string>): Promise<void> {
  const quick = options.has('--quick')
  const rounds = quick ? 1 : 3
  const forMs = quick ? 4_000 : 8_000
  pin(process.pid, 1)
  await withBenchDatabase(async (databaseUrl) => {
    const members = await writeBorrowers(databaseUrl, secret, people)
    const arms = tickArmsOn(databaseUrl, members)
    const turns: Record<TickArmName, TickRound[]> = { wireside: [], 'ws, batched': [], naive: [] }
    console.log(premise(rounds, forMs))
    for (let round = 0; round < rounds; round += 1) {
      for (const name of tickArms) turns[name].push(await ticksRound(arms[name], clients, forMs))
    }
    const measured = {
      wireside: mediansOf(turns.wireside),
      'ws, batched': mediansOf(turns['ws, batched']),
      naive: mediansOf(turns.naive),
    }
    console.log(`\n${ticksTable(measured)}\n\n${ratios(measured)}`)
    const server = await startWireside(databaseUrl, raised)
    console.log(`\n${roomTable(await talkInRoom(server, members, { rounds, forMs }))}`)
    await server.stop()
  })
}

function premise(rounds: number, forMs: number): string {
  return `
${clients} WebSocket clients, each on all ${instruments.length} instruments, ${perSecond} ticks/s. Server on one core, clients and Postgres on the
other; ${forMs / 1_000} s a round, medians of ${rounds} in turns. Age: from when a price was due at the market (at ours: was
made, in slices of 10 ms) to when its frame came to a client, over all prices of all frames of all clients; of conflated
ones that of each price that was sent.
wireside: one process that serves the clients and makes the prices, at most 20 frames/s. ws, batched: the same frames, every
50 ms, encoded once, without session, rights, acks or candles. naive: Socket.IO, every tick emitted to a room.`
}

function tickArmsOn(databaseUrl: string, members: Borrower[]): Record<TickArmName, TickArm> {
  const rate = { TICKS_PER_SECOND: String(perSecond) }
  const own = async (file: string): Promise<Server> =>
    startServer(`${here}/arms/${file}`, await freePort(), rate, collectorFlags)
  const engine = `${socketPath}?EIO=4&transport=websocket`
  return {
    wireside: {
      opens: 'by itself',
      start: () =>
        startWireside(databaseUrl, { ...rate, ...raised }, collectorFlags, `${here}/arms/ticks-wireside.ts`),
      entrance: {
        path: engine,
        greets: true,
        cookie: (nth) => members[nth % people]?.cookie,
        says: ['prices:watch', { symbols: instruments.map(({ symbol }) => symbol) }],
      },
    },
    'ws, batched': {
      opens: 'when told',
      start: () => own('ticks-ws.ts'),
      entrance: { path: '/', greets: false, cookie: () => undefined },
    },
    naive: {
      opens: 'when told',
      start: () => own('ticks-room.ts'),
      entrance: { path: engine, greets: true, cookie: () => undefined },
    },
  }
}

function mediansOf(turns: TickRound[]): TickRound {
  const middle = (figure: keyof TickRound) => median(turns.map((turn) => turn[figure]))
  const sum = (figure: keyof TickRound) => turns.reduce((total, turn) => total + turn[figure], 0)
  return {
    p50Ms: middle('p50Ms'),
    p99Ms: middle('p99Ms'),
    values: middle('values'),
    framesPerSecond: middle('framesPerSecond'),
    madePerSecond: middle('madePerSecond'),
    cpuShare: middle('cpuShare'),
    cpuMicros: middle('cpuMicros'),
    tickMicros: middle('tickMicros'),
    bytesEach: middle('bytesEach'),
    kibEach: middle('kibEach'),
    clientShare: middle('clientShare'),
    unknown: sum('unknown'),
    backwards: sum('backwards'),
    stale: sum('stale'),
  }
}

/** One line for each arm. */
function ticksTable(measured: Record<TickArmName, TickRound>): string {
  const head = [
    'arm',
    'age p50',
    'p99',
    'frames/s each',
    'ticks/s made',
    'CPU of a core',
    'CPU a delivered price',
    'CPU a tick and client',
    'bytes a price',
    'live KiB each',
    'client busy',
    'unknown',
    'backwards',
    'kept back',
  ]
  const rows = Object.entries(measured).map(([arm, figures]) => [
    arm,
    `${figures.p50Ms.toFixed(0)} ms`,
    `${figures.p99Ms.toFixed(0)} ms`,
    figures.framesPerSecond.toFixed(1),
    figures.madePerSecond.toFixed(0),
    `${(figures.cpuShare * 100).toFixed(0)} %`,
    `${figures.cpuMicros.toFixed(2)} µs`,
    `${figures.tickMicros.toFixed(2)} µs`,
    figures.bytesEach.toFixed(1),
    figures.kibEach.toFixed(1),
    `${Math.round(figures.clientShare * 100)} %`,
    String(figures.unknown),
    String(figures.backwards),
    String(figures.stale),
  ])
  return markdownTable(head, rows)
}

/** What the goals are about. */
function ratios({ wireside, 'ws, batched': bare, naive }: Record<TickArmName, TickRound>): string {
  const times = (ours: number, theirs: number) => `${(ours / theirs).toFixed(2)} ×`
  return [
    `Age p99: ${wireside.p99Ms.toFixed(0)} ms (goal ≤ 80 ms)`,
    `CPU: ${times(wireside.cpuShare, bare.cpuShare)} that of bare ws (goal ≤ 1.3)`,
    `CPU a delivered price: ${times(wireside.cpuMicros, naive.cpuMicros)} the naive arm's; a tick that a client is kept up with: ${times(wireside.tickMicros, naive.tickMicros)} (goal ≤ 0.1)`,
  ].join('\n')
}

/** A room of 100 that is talked in, at a pace and as fast as it goes. */
function roomTable(talks: Record<TalkNames, Talk>): string {
  const head = [
    'a room of 100',
    'messages/s',
    'acknowledged p50',
    'p99',
    'all have it p50',
    'p99',
    'lost',
    'twice',
  ]
  const ms = (figure: number) => `${figure.toFixed(0)} ms`
  const rows = Object.entries(talks).map(([name, talk]) => [
    name,
    talk.messagesPerSecond.toFixed(0),
    ...[talk.ackP50Ms, talk.ackP99Ms, talk.allP50Ms, talk.allP99Ms].map(ms),
    String(talk.lost),
    String(talk.twice),
  ])
  return markdownTable(head, rows)
}
