import { Client } from 'pg'
import { writeBorrowers } from './borrowers.ts'
import { checkouts } from './checkouts.ts'
import { Connection, percentiles, requestOf } from './crowd.ts'
import type { BenchRun } from './run.ts'
import { type Server, startNode } from './servers.ts'
import { type Column, comparisonTable, inTurns, mapValues, turnsTable } from './turns.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

type Arrival = {
  /** From the first connect until the last was answered. */
  allMs: number
  p50Ms: number
  refused: number
  /** Of the server, meanwhile: what a busy machine leaves of a comparison. */
  cpuSeconds: number
  transactions: number
}

/** How many connect at a time: a listen queue takes no more. */
const connectingAtOnce = 400

/** Borrowers who all come at once to a process that knows none of them yet: each connects and polls a loan. */
export async function benchColdStart(run: BenchRun): Promise<void> {
  const count = run.quick ? 1_000 : 10_000
  await withBenchDatabase(run, async (databaseUrl) => {
    const borrowers = await writeBorrowers(databaseUrl, secret, count)
    const requests = borrowers.map(({ loanId, headers }) =>
      requestOf({ path: `/api/loans/${loanId}`, headers, etag: undefined }),
    )
    const naive = `${import.meta.dirname}/arms/naive.ts`
    const starts: Record<string, () => Promise<Server>> = {
      ...mapValues(checkouts(run.against), (checkout) => () => startWireside({ databaseUrl, checkout })),
      'each looked up by itself': () => startNode(naive, { env: { DATABASE_URL: databaseUrl } }),
    }
    const arms = mapValues(starts, (start) => async () => {
      const server = await start()
      const arrival = await arriveAt(server, requests, databaseUrl)
      await server.stop()
      return arrival
    })
    const turns = await inTurns(arms, run.rounds)
    run.add(
      `${count.toLocaleString('en')} first polls at a node that has just started, each over a connection of its own.`,
    )
    run.add(turnsTable(turns, columns))
    run.add(comparisonTable(turns, columns))
  })
}

const columns: Column<Arrival>[] = [
  { head: 'all answered after', of: ({ allMs }) => allMs / 1_000, digits: 2, unit: 's', compared: true },
  { head: 'p50', of: ({ p50Ms }) => p50Ms, unit: 'ms', compared: true },
  { head: 'CPU of the server', of: ({ cpuSeconds }) => cpuSeconds, digits: 1, unit: 's', compared: true },
  { head: 'database transactions', of: ({ transactions }) => transactions },
  { head: 'refused', of: ({ refused }) => refused, isFault: true },
]

/** Lets them all in at once, and waits until each has its response or none. */
export async function arriveAt(
  server: Server,
  requests: readonly string[],
  databaseUrl: string,
): Promise<Arrival> {
  const before = await transactionsOf(databaseUrl)
  const latencies: number[] = []
  const statuses: number[] = []
  const polls: Promise<unknown>[] = []
  const cpuBefore = server.usage().cpuSeconds
  const startedAt = performance.now()
  let next = 0
  const arrive = async () => {
    for (let nth = next++; nth < requests.length; nth = next++) {
      const connection = await Connection.open(server.port, nth)
      const poll = connection.ask(requests[nth] ?? '').then(
        ({ status }) => {
          latencies.push(performance.now() - startedAt)
          statuses.push(status)
          connection.close()
        },
        () => statuses.push(0),
      )
      polls.push(poll)
    }
  }
  await Promise.all(Array.from({ length: connectingAtOnce }, arrive))
  await Promise.all(polls)
  const allMs = performance.now() - startedAt
  const answered = statuses.filter((status) => status === 200).length
  return {
    ...{ allMs, p50Ms: percentiles(latencies).p50Ms, refused: requests.length - answered },
    cpuSeconds: server.usage().cpuSeconds - cpuBefore,
    transactions: (await transactionsOf(databaseUrl)) - before,
  }
}

/** Postgres tells of its transactions up to a second late. */
async function transactionsOf(databaseUrl: string): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ count: string }>(
    'SELECT sum(xact_commit) AS count FROM pg_stat_database WHERE datname = current_database()',
  )
  await client.end()
  return Number(rows[0]?.count)
}
