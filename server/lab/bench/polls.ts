import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { gather, pollFlatOut, pollSteadily } from './crowd.ts'
import type { Server } from './servers.ts'
import type { Column } from './turns.ts'

/** `cpuMicros` is the server's for each poll, `transactions` those of the database in a second. */
export type Polls = {
  perSecond: number
  p50Ms: number
  p99Ms: number
  cpuMicros: number
  transactions: number
  clientShare: number
}

const cpu: Column<Polls> = {
  head: 'CPU a poll',
  of: (each) => each.cpuMicros,
  digits: 1,
  unit: 'µs',
  compared: true,
}
const client: Column<Polls> = { head: 'client busy', of: (each) => each.clientShare * 100, unit: '%' }

export const steadyColumns: Column<Polls>[] = [
  { head: 'p50', of: (each) => each.p50Ms, digits: 2, unit: 'ms' },
  { head: 'p99', of: (each) => each.p99Ms, digits: 2, unit: 'ms' },
  cpu,
  { head: 'database transactions/s', of: (each) => each.transactions, digits: 1 },
  client,
]

export const peakColumns: Column<Polls>[] = [
  { head: 'polls/s', of: (each) => each.perSecond, compared: true },
  cpu,
  client,
]

type Asked = { path: string; headers: string }[]

/** Each client polls once in `everyMs`, with the validator of its first poll. */
export async function steadily(
  server: Server,
  polls: Asked,
  { everyMs, forMs, databaseUrl }: { everyMs: number; forMs: number; databaseUrl: string },
): Promise<Polls> {
  const clients = await gather(server.port, polls)
  // A Postgres backend may report its transactions ten seconds late: those of the first polls must be in before.
  await pollSteadily(clients, everyMs, 2 * everyMs)
  const first = await transactionsOf(databaseUrl)
  const measured = await metered(server, () => pollSteadily(clients, everyMs, forMs))
  const last = await transactionsOf(databaseUrl)
  for (const { connection } of clients) connection.close()
  const { p50Ms, p99Ms, count } = measured.result
  return {
    ...figuresOf(measured, count),
    p50Ms,
    p99Ms,
    transactions: (last.count - first.count) / ((last.atMs - first.atMs) / 1_000),
  }
}

/** Each client polls again as soon as it was answered. */
export async function peak(server: Server, polls: Asked, forMs: number): Promise<Polls> {
  const clients = await gather(server.port, polls)
  await pollFlatOut(clients, forMs / 3)
  const measured = await metered(server, () => pollFlatOut(clients, forMs))
  for (const { connection } of clients) connection.close()
  return {
    ...figuresOf(measured, measured.result),
    p50Ms: Number.NaN,
    p99Ms: Number.NaN,
    transactions: Number.NaN,
  }
}

type Metered<T> = { result: T; tookMs: number; cpuSeconds: number; clientMs: number }

async function metered<T>(server: Server, work: () => Promise<T>): Promise<Metered<T>> {
  const [cpuBefore, clientBefore, startedAt] = [
    server.usage().cpuSeconds,
    process.cpuUsage(),
    performance.now(),
  ]
  const result = await work()
  const { user, system } = process.cpuUsage(clientBefore)
  return {
    result,
    tookMs: performance.now() - startedAt,
    cpuSeconds: server.usage().cpuSeconds - cpuBefore,
    clientMs: (user + system) / 1_000,
  }
}

function figuresOf({ tookMs, cpuSeconds, clientMs }: Metered<unknown>, polls: number) {
  return {
    perSecond: (polls * 1_000) / tookMs,
    cpuMicros: (cpuSeconds * 1_000_000) / polls,
    clientShare: clientMs / tookMs,
  }
}

/** Transactions of one database since its creation, by Postgres' own statistics; this look is not among them. */
async function transactionsOf(databaseUrl: string): Promise<{ count: number; atMs: number }> {
  const elsewhere = Object.assign(new URL(databaseUrl), { pathname: '/postgres' }).href
  const name = new URL(databaseUrl).pathname.slice(1)
  const client = new Client({ connectionString: elsewhere })
  await client.connect()
  // A backend reports at most once a second: a transaction just before the look would be missed.
  await pause(1_100)
  const { rows } = await client.query<{ count: string }>(
    'SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = $1',
    [name],
  )
  await client.end()
  return { count: Number(rows[0]?.count ?? 0), atMs: performance.now() }
}
