import { Client } from 'pg'
import { freePort } from '#server/database/embedded/launch.ts'
import { writeBorrowers } from './borrowers.ts'
import { markdownTable, median, pin, type Server, startServer } from './core.ts'
import { Connection, percentiles, requestOf } from './crowd.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

type Arrival = {
  /** From the first connect until the last was answered. */
  allMs: number
  p50Ms: number
  answered: number
  refused: number
  /** Of the server, meanwhile: what a busy machine leaves of a comparison. */
  cpuSeconds: number
  transactions: number
}

/** How many connect at a time: a listen queue takes no more. */
const connectingAtOnce = 400

/** Borrowers who all come at once to a process that knows none of them yet: each connects and polls a loan. */
export async function benchColdStart(options: Set<string>): Promise<void> {
  const quick = options.has('--quick')
  const count = quick ? 1_000 : 10_000
  const rounds = quick ? 1 : 3
  pin(process.pid, 1)
  await withBenchDatabase(async (databaseUrl) => {
    const borrowers = await writeBorrowers(databaseUrl, secret, count)
    const requests = borrowers.map(({ loanId, headers }) =>
      requestOf({ path: `/api/loans/${loanId}`, headers, etag: undefined }),
    )
    const arms: Record<string, () => Promise<Server>> = {
      wireside: () => startWireside(databaseUrl, {}),
      'each looked up by itself': async () =>
        startServer(`${import.meta.dirname}/arms/naive.ts`, await freePort(), { DATABASE_URL: databaseUrl }),
    }
    const arrivals: Record<string, Arrival[]> = {}
    for (let round = 0; round < rounds; round += 1) {
      for (const [arm, start] of Object.entries(arms)) {
        const server = await start()
        arrivals[arm] = [...(arrivals[arm] ?? []), await arriveAt(server, requests, databaseUrl)]
        await server.stop()
      }
    }
    console.log(
      `\n${count} first polls at a cold node, median of ${rounds} in turns; goal: all answered within 5 s\n`,
    )
    console.log(table(arrivals))
  })
}

function table(arrivals: Record<string, Arrival[]>): string {
  const rows = Object.entries(arrivals).map(([arm, each]) => {
    const of = (figure: keyof Arrival) => median(each.map((arrival) => arrival[figure]))
    return [
      arm,
      `${(of('allMs') / 1_000).toFixed(2)} s`,
      `${of('p50Ms').toFixed(0)} ms`,
      `${of('answered')}`,
      `${of('refused')}`,
      `${of('cpuSeconds').toFixed(1)} s`,
      `${of('transactions')}`,
    ]
  })
  const head = [
    'all answered after',
    'p50',
    'with 200',
    'refused',
    'CPU of the server',
    'database transactions',
  ]
  return markdownTable(['arm', ...head], rows)
}

async function arriveAt(server: Server, requests: readonly string[], databaseUrl: string): Promise<Arrival> {
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
    ...{ allMs, p50Ms: percentiles(latencies).p50Ms, answered, refused: requests.length - answered },
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
