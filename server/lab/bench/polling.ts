import { Client } from 'pg'
import { freePort } from '#server/database/embedded/launch.ts'
import { type Borrower, writeBorrowers } from './borrowers.ts'
import { markdownTable, median, pin, type Server, startServer } from './core.ts'
import { gather, pollFlatOut, pollSteadily } from './crowd.ts'
import { holdRounds } from './holding.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

const here = import.meta.dirname

type Steady = { p50Ms: number; p99Ms: number; cpu: number; queries: number }

/**
 * 10,000 keep-alive clients that poll every 5 s, the peak, and 10,000 held requests released by one event; beside a
 * naive arm that asks the database each time and a bare Node handler, in the same run.
 */
export async function benchPolling(options: Set<string>): Promise<void> {
  const quick = options.has('--quick')
  const count = quick ? 1_000 : 10_000
  const everyMs = 5_000
  const forMs = quick ? 5_000 : 15_000
  pin(process.pid, 1)
  await withBenchDatabase(async (databaseUrl) => {
    const borrowers = await writeBorrowers(databaseUrl, secret, count)
    const node = () => startWireside(databaseUrl, { MAX_LONG_POLLS_PER_USER: '100000' })
    const naive = async () =>
      startServer(`${here}/arms/naive.ts`, await freePort(), { DATABASE_URL: databaseUrl })
    const bare = async () => startServer(`${here}/arms/bare.ts`, await freePort())

    const idle = await idleQueries(node, databaseUrl, forMs)
    const polled = { borrowers, databaseUrl, everyMs, forMs }
    const steady = {
      ...(await steadilyInTurns({ wireside: node, bare }, polled, quick ? 1 : 3)),
      ...(await steadilyInTurns({ naive }, polled, 1)),
    }
    console.log(
      `\n${count} clients poll every ${everyMs / 1_000} s (server on one core, client on the other)\n`,
    )
    console.log(
      markdownTable(
        ['arm', 'p50', 'p99', 'CPU of a core', 'database transactions/s'],
        Object.entries(steady).map(([arm, { p50Ms, p99Ms, cpu, queries }]) => [
          arm,
          `${p50Ms.toFixed(2)} ms`,
          `${p99Ms.toFixed(2)} ms`,
          `${(cpu * 100).toFixed(1)} %`,
          // The other arm of the turn makes a few: the bare one has no database at all.
          arm === 'bare' ? '—' : queries.toFixed(1),
        ]),
      ),
    )
    console.log(
      `\nCPU: ${(steady.wireside.cpu / steady.bare.cpu).toFixed(2)} × the bare handler (goal ≤ 1.3). ` +
        `Transactions: ${(steady.wireside.queries - idle).toFixed(2)}/s more than the ${idle.toFixed(2)}/s without clients (goal ≤ 0.5).`,
    )
    await peaks({ node, bare }, borrowers.slice(0, 64), quick ? 2_000 : 4_000)
    await holdRounds({ databaseUrl, node, borrowers, rounds: quick ? 2 : 7 })
  })
}

type Polled = { borrowers: Borrower[]; databaseUrl: string; everyMs: number; forMs: number }

/** Each arm in turn, several rounds, the median of each figure: a machine that slows down slows them all. */
async function steadilyInTurns<Arm extends string>(
  arms: Record<Arm, () => Promise<Server>>,
  polled: Polled,
  rounds: number,
): Promise<Record<Arm, Steady>> {
  const measured = new Map<Arm, Steady[]>()
  const servers = new Map<Arm, Server>()
  for (const arm of Object.keys(arms) as Arm[]) servers.set(arm, await arms[arm]())
  for (let round = 0; round < rounds; round += 1) {
    for (const [arm, server] of servers) {
      measured.set(arm, [...(measured.get(arm) ?? []), await steadily(server, polled)])
    }
  }
  await Promise.all([...servers.values()].map((server) => server.stop()))
  return Object.fromEntries([...measured].map(([arm, figures]) => [arm, mediansOf(figures)])) as Record<
    Arm,
    Steady
  >
}

function mediansOf(figures: Steady[]): Steady {
  return {
    p50Ms: median(figures.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(figures.map(({ p99Ms }) => p99Ms)),
    cpu: median(figures.map(({ cpu }) => cpu)),
    queries: median(figures.map(({ queries }) => queries)),
  }
}

async function steadily(server: Server, { borrowers, databaseUrl, everyMs, forMs }: Polled): Promise<Steady> {
  const clients = await gather(
    server.port,
    borrowers.map(({ loanId, headers }) => ({ path: `/api/loans/${loanId}`, headers })),
  )
  // A Postgres backend may report its transactions ten seconds late: those of the first asks must be in before.
  await pollSteadily(clients, everyMs, 3 * everyMs)
  const first = await transactionsOf(databaseUrl)
  const cpuBefore = server.usage().cpuSeconds
  const startedAt = performance.now()
  const { p50Ms, p99Ms } = await pollSteadily(clients, everyMs, forMs)
  const cpu = (server.usage().cpuSeconds - cpuBefore) / ((performance.now() - startedAt) / 1_000)
  const last = await transactionsOf(databaseUrl)
  const queries = (last.count - first.count) / ((last.atMs - first.atMs) / 1_000)
  for (const { connection } of clients) connection.close()
  return { p50Ms, p99Ms, cpu, queries }
}

async function idleQueries(node: () => Promise<Server>, databaseUrl: string, forMs: number): Promise<number> {
  const server = await node()
  const first = await transactionsOf(databaseUrl)
  await new Promise((resolve) => setTimeout(resolve, forMs))
  const last = await transactionsOf(databaseUrl)
  await server.stop()
  return (last.count - first.count) / ((last.atMs - first.atMs) / 1_000)
}

/** In turns, so that a machine that slows down slows both. */
async function peaks(
  arms: { node: () => Promise<Server>; bare: () => Promise<Server> },
  borrowers: Borrower[],
  forMs: number,
): Promise<void> {
  const askers = borrowers.map(({ loanId, headers }) => ({ path: `/api/loans/${loanId}`, headers }))
  const [node, bare] = [await arms.node(), await arms.bare()]
  const rates: { node: number[]; bare: number[] } = { node: [], bare: [] }
  const cpus: { node: number[]; bare: number[] } = { node: [], bare: [] }
  for (let round = 0; round < 4; round += 1) {
    for (const [arm, server] of [
      ['node', node],
      ['bare', bare],
    ] as const) {
      const clients = await gather(server.port, askers)
      const before = server.usage().cpuSeconds
      const rate = await pollFlatOut(clients, forMs)
      const cpuMicros = ((server.usage().cpuSeconds - before) * 1_000_000) / ((rate * forMs) / 1_000)
      // The first round warms the compiler up.
      if (round > 0) {
        rates[arm].push(rate)
        cpus[arm].push(cpuMicros)
      }
      for (const { connection } of clients) connection.close()
    }
  }
  await Promise.all([node.stop(), bare.stop()])
  const [ours, floor] = [median(rates.node), median(rates.bare)]
  console.log(
    `\nPeak, 64 connections: wireside ${Math.round(ours)} polls/s, bare handler ${Math.round(floor)}/s: ` +
      `${(ours / floor).toFixed(2)} × (goal ≥ 0.7). CPU a poll: ` +
      `${median(cpus.node).toFixed(1)} µs and ${median(cpus.bare).toFixed(1)} µs`,
  )
}

/** Transactions of one database since its creation, by Postgres' own statistics; this look is not among them. */
async function transactionsOf(databaseUrl: string): Promise<{ count: number; atMs: number }> {
  const elsewhere = Object.assign(new URL(databaseUrl), { pathname: '/postgres' }).href
  const name = new URL(databaseUrl).pathname.slice(1)
  const client = new Client({ connectionString: elsewhere })
  await client.connect()
  // A backend reports at most once a second: a transaction just before the look would be missed.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = $1',
    [name],
  )
  await client.end()
  return { count: Number(rows[0]?.count ?? 0), atMs: performance.now() }
}
