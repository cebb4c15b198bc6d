import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import { createPostgresLog, type PostgresLog, type Transaction } from '#server/log/postgres-log.ts'
import { markdownTable, median } from './core.ts'
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
type Round = { perSecond: number; latenciesMs: number[]; cpuMs: number }

/**
 * How many transactions with one entry fifty writers commit, each on a stream of its own, beside the same with a NOTIFY
 * before the commit, in turns. Postgres waits for its disk.
 */
export async function benchCommits(options: Set<string>): Promise<void> {
  const rounds = options.has('--quick') ? 2 : 7
  await withBenchDatabase(async (databaseUrl) => {
    const database = openDatabase(databaseUrl, { connections: { transactions: writers, statements: 2 } })
    const listeners = [1, 2, 3].map(() => listening(databaseUrl))
    const backplane = createPostgresBackplane(databaseUrl, listening(databaseUrl))
    const log = createPostgresLog(database, backplane, { checkMs: 3_600_000 })
    await log.start()
    const measured: Record<string, Round[]> = {}
    for (let round = 0; round <= rounds; round += 1) {
      for (const [name, arm] of Object.entries(arms)) {
        const result = await write(log, arm)
        // The first round opens the connections.
        if (round > 0) measured[name] = [...(measured[name] ?? []), result]
      }
    }
    console.log(
      `\n${writers} writers, a stream each, one entry a transaction, ${rounds} rounds of ${roundMs} ms in turns\n`,
    )
    console.log(table(measured))
    await Promise.all([log.close(), backplane.close(), ...listeners.map(({ close }) => close())])
    await database.close()
  }, {})
}

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
  return {
    perSecond: (latenciesMs.length * 1_000) / (performance.now() - began),
    latenciesMs,
    cpuMs: (user + system) / 1_000 / latenciesMs.length,
  }
}

function table(measured: Record<string, Round[]>): string {
  const rate = (name: string) => median((measured[name] ?? []).map(({ perSecond }) => perSecond))
  const ours = rate('wireside')
  return markdownTable(
    ['arm', 'transactions/s (median)', 'p50', 'CPU here per transaction', 'wireside is faster by'],
    Object.entries(measured).map(([name, rounds]) => [
      name,
      Math.round(rate(name)).toLocaleString('en'),
      `${median(rounds.flatMap(({ latenciesMs }) => latenciesMs)).toFixed(1)} ms`,
      `${median(rounds.map(({ cpuMs }) => cpuMs)).toFixed(2)} ms`,
      `${(ours / rate(name)).toFixed(1)} ×`,
    ]),
  )
}
