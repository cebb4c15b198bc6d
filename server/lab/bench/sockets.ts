import { instruments } from '#server/domain/trading/instruments.ts'
import { socketPath } from '#server/protocol/socket.ts'
import { type Borrower, writeBorrowers } from './borrowers.ts'
import { checkouts } from './checkouts.ts'
import { members, openTalk, talkColumns } from './room-talk.ts'
import type { BenchRun } from './run.ts'
import { collectorFlags, type Server, startNode } from './servers.ts'
import { type TickArm, type TickRound, ticksRound } from './ticks-round.ts'
import { type Column, comparisonTable, inTurns, mapValues, turnsTable } from './turns.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

const here = import.meta.dirname
const clients = 1_000
const perSecond = 300
const raised = {
  ROLES: 'web,gateway,prices',
  MAX_SOCKETS_PER_USER: '100000',
  PACKETS_PER_SECOND: '1000000',
  CHAT_BURST: '1000000',
  CHAT_PER_SECOND: '1000000',
}

/** 1,000 clients on the prices of one process, beside a naive one and bare `ws`; and a busy room. */
export async function benchSockets(run: BenchRun): Promise<void> {
  const forMs = run.quick ? 4_000 : 8_000
  await withBenchDatabase(run, async (databaseUrl) => {
    const people = await writeBorrowers(databaseUrl, secret, members)
    const ours = checkouts(run.against)
    const arms = mapValues(
      tickArmsOn(databaseUrl, people, ours),
      (arm) => () => ticksRound(arm, clients, forMs),
    )
    const ticks = await inTurns(arms, run.rounds)
    run.add(
      `### ${clients.toLocaleString('en')} clients, each on all ${instruments.length} instruments, ${perSecond} ticks/s`,
    )
    run.add(premise)
    run.add(turnsTable(ticks, tickColumns))
    run.add(comparisonTable(ticks, tickColumns))
    await benchRoom(run, databaseUrl, people, ours, forMs)
  })
}

async function benchRoom(
  run: BenchRun,
  databaseUrl: string,
  people: Borrower[],
  ours: Record<string, string>,
  forMs: number,
): Promise<void> {
  const servers: Server[] = []
  const talks: Record<string, Awaited<ReturnType<typeof openTalk>>> = {}
  for (const [name, checkout] of Object.entries(ours)) {
    const server = await startWireside({ databaseUrl, checkout, settings: raised })
    servers.push(server)
    talks[name] = await openTalk(server, people)
  }
  for (const [what, pace] of Object.entries(paces(forMs))) {
    const turns = await inTurns(
      mapValues(talks, (talk) => () => talk(pace)),
      run.rounds,
    )
    run.add(`### A room of ${members}, ${what}`)
    run.add(turnsTable(turns, talkColumns))
    if (servers.length > 1) run.add(comparisonTable(turns, talkColumns))
  }
  await Promise.all(servers.map((server) => server.stop()))
}

const paces = (forMs: number) => ({
  '50 messages a second': { forMs, perSecond: 50 },
  '16 who each send as soon as they were acknowledged': { forMs: forMs / 2 },
})

const premise = `Age: from when a price was due at the market to when its frame came to a client, over all prices of all frames of all
clients. All markets are paced alike, in slices of 10 ms. wireside: one process that serves the clients and makes the
prices, at most 20 frames/s. ws, batched: the same frames, every 50 ms, encoded once, without session, rights, acks or
candles. naive: Socket.IO, every tick emitted to a room.`

function tickArmsOn(
  databaseUrl: string,
  people: Borrower[],
  ours: Record<string, string>,
): Record<string, TickArm> {
  const rate = { TICKS_PER_SECOND: String(perSecond) }
  const own = (file: string) => () => startNode(`${here}/arms/${file}`, { env: rate, flags: collectorFlags })
  const engine = `${socketPath}?EIO=4&transport=websocket`
  const settings = { ...rate, ...raised }
  const file = 'server/lab/bench/arms/ticks-wireside.ts'
  return {
    ...mapValues(
      ours,
      (checkout): TickArm => ({
        opens: 'by itself',
        start: () => startWireside({ databaseUrl, checkout, settings, flags: collectorFlags, file }),
        entrance: {
          path: engine,
          greets: true,
          cookie: (nth) => people[nth % people.length]?.cookie,
          says: ['prices:watch', { symbols: instruments.map(({ symbol }) => symbol) }],
        },
      }),
    ),
    'ws, batched': {
      opens: 'when told',
      start: own('ticks-ws.ts'),
      entrance: { path: '/', greets: false, cookie: () => undefined },
    },
    naive: {
      opens: 'when told',
      start: own('ticks-room.ts'),
      entrance: { path: engine, greets: true, cookie: () => undefined },
    },
  }
}

const tickColumns: Column<TickRound>[] = [
  { head: 'age p50', of: (each) => each.p50Ms, unit: 'ms', compared: true },
  { head: 'p99', of: (each) => each.p99Ms, unit: 'ms', compared: true },
  { head: 'frames/s each', of: (each) => each.framesPerSecond, digits: 1 },
  { head: 'ticks/s made', of: (each) => each.madePerSecond },
  { head: 'CPU of a core', of: (each) => each.cpuShare * 100, unit: '%', compared: true },
  { head: 'CPU a delivered price', of: (each) => each.cpuMicros, digits: 2, unit: 'µs', compared: true },
  { head: 'CPU a tick and client', of: (each) => each.tickMicros, digits: 2, unit: 'µs', compared: true },
  { head: 'bytes a price', of: (each) => each.bytesEach, digits: 1 },
  { head: 'live KiB each', of: (each) => each.kibEach, digits: 1 },
  { head: 'client busy', of: (each) => each.clientShare * 100, unit: '%' },
  { head: 'unknown', of: (each) => each.unknown, isFault: true },
  { head: 'backwards', of: (each) => each.backwards, isFault: true },
  { head: 'kept back', of: (each) => each.stale, isFault: true },
]
