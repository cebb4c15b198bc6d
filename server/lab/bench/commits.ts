import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import { createPostgresLog, type PostgresLog, type Transaction } from '#server/log/postgres-log.ts'
import { percentiles } from './crowd.ts'
import type { BenchRun } from './run.ts'
import { type Column, comparisonTable, inTurns, mapValues, turnsTable } from './turns.ts'
import { withBenchDatabase } from './wireside.ts'

const writers = 50
const roundMs = 2_000

/** What one more statement in each transaction does, by arm. */
const arms = {
  wireside: async () => undefined,
  'one more statement': async (tx: Transaction) => void (await tx.$queryRaw`SELECT 1`),
  'NOTIFY in the transaction': async (tx: Transaction, stream: string) =>
    void (await tx.$queryRaw`SELECT pg_notify('bench', ${stream})::text`),
}
type Arm = (tx: Transaction, stream: string) => Promise<void>
type Round = { perSecond: number; p50Ms: number; p99Ms: number; cpuMs: number }

/**
 * How many transactions with one entry fifty writers commit, each on a stream of its own, beside the same with a NOTIFY
 * before the commit, in turns. Postgres waits for its disk.
 */
export async function benchCommits(run: BenchRun): Promise<void> {
  await withBenchDatabase(
    run,
    async (databaseUrl) => {
      const database = openDatabase(databaseUrl, { connections: { transactions: writers, statements: 2 } })
      const listeners = [1, 2, 3].map(() => listening(databaseUrl))
      const backplane = createPostgresBackplane(databaseUrl, listening(databaseUrl))
      const log = createPostgresLog(database, backplane, { checkMs: 3_600_000 })
      await log.start()
      // The connections are opened.
      for (const arm of Object.values(arms)) await write(log, arm)
      const turns = await inTurns(
        mapValues(arms, (arm) => () => write(log, arm)),
        run.rounds,
      )
      run.add(`${writers} writers, a stream each, one entry a transaction, ${roundMs} ms a turn.`)
      run.add(turnsTable(turns, columns))
      run.add(comparisonTable(turns, columns))
      await Promise.all([log.close(), backplane.close(), ...listeners.map(({ close }) => close())])
      await database.close()
    },
    {},
  )
}

const columns: Column<Round>[] = [
  { head: 'transactions/s', of: ({ perSecond }) => perSecond, compared: true },
  { head: 'p50', of: ({ p50Ms }) => p50Ms, digits: 1, unit: 'ms', compared: true },
  { head: 'p99', of: ({ p99Ms }) => p99Ms, digits: 1, unit: 'ms' },
  { head: 'CPU here a transaction', of: ({ cpuMs }) => cpuMs, digits: 2, unit: 'ms', compared: true },
]

function listening(databaseUrl: string) {
  const listener = createListener(databaseUrl)
  listener.on('bench', () => undefined)
  listener.start()
  return listener
}

async function write(log: PostgresLog, arm: Arm): Promise<Round> {
  const latenciesMs: number[] = []
  const cpu = process.cpuUsage()
  const began = performance.now()
  await Promise.all(
    Array.from({ length: writers }, async (_, index) => {
      const stream = `bench:${index}`
      while (performance.now() - began < roundMs) {
        const asked = performance.now()
        await log.transact(async (tx) => {
          await log.append(tx, [{ stream, type: 'bench.said', data: { text: 'x'.repeat(200) } }])
          await arm(tx, stream)
        })
        latenciesMs.push(performance.now() - asked)
      }
    }),
  )
  const { user, system } = process.cpuUsage(cpu)
  const latencies = percentiles(latenciesMs)
  return {
    perSecond: (latenciesMs.length * 1_000) / (performance.now() - began),
    ...{ p50Ms: latencies.p50Ms, p99Ms: latencies.p99Ms },
    cpuMs: (user + system) / 1_000 / latenciesMs.length,
  }
}
