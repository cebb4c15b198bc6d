import { connectionsAllowed } from '#server/lab/testbed/child.ts'
import { openAppender } from './appender.ts'
import { writeBorrowers } from './borrowers.ts'
import { type Broadcast, broadcast, broadcasts, entryBytes } from './broadcast.ts'
import type { BenchRun } from './run.ts'
import { people, sseArms } from './sse-arms.ts'
import { type Column, comparisonTable, inTurns, turnsTable } from './turns.ts'
import { secret, withBenchDatabase } from './wireside.ts'

/** Event streams on one process: what an idle one holds, and what one broadcast to all takes. */
export async function benchSse(run: BenchRun): Promise<void> {
  const sizes = allowed(run, run.quick ? [1_000] : [1_000, 10_000, 19_000])
  await withBenchDatabase(run, async (databaseUrl) => {
    const followers = await writeBorrowers(databaseUrl, secret, people)
    const appender = await openAppender(databaseUrl)
    try {
      const arms = sseArms(run, { databaseUrl, followers, appender })
      run.add(premise)
      for (const count of sizes) {
        const measured = await inTurns(
          Object.fromEntries(
            Object.entries(arms).map(([name, start]) => [
              name,
              async () => {
                // A fresh server each time, so that each turn's memory is its own.
                const arm = await start()
                const figures = await broadcast(arm, count)
                await arm.server.stop()
                return figures
              },
            ]),
          ),
          run.rounds,
        )
        run.add(`### ${count.toLocaleString('en')} connections`)
        run.add(turnsTable(measured, columns))
        run.add(comparisonTable(measured, columns))
      }
    } finally {
      await appender.close()
    }
  })
}

function allowed({ add }: BenchRun, sizes: number[]): number[] {
  const most = connectionsAllowed()
  for (const size of sizes.filter((size) => size > most)) {
    add(`${size} connections are left out: the open-file limit of a process here allows ${most}.`)
  }
  return sizes.filter((size) => size <= most)
}

const premise = `${broadcasts} broadcasts of ${entryBytes} bytes a turn, each when all had the one before; no heartbeat meanwhile. The clock of wireside
runs from before the append in another process: transaction, wake-up, the read of the log, all writes; that of the
others from the request that triggers the broadcast, without session or database. Where the client is busy all the
time, it is the client's time that was measured, and only the server's CPU compares.`

const columns: Column<Broadcast>[] = [
  { head: 'KiB each, idle', of: (each) => each.idleKib, digits: 1 },
  { head: 'after', of: (each) => each.afterKib, digits: 1, compared: true },
  { head: 'CPU to accept one', of: (each) => each.acceptMicros, digits: 0, unit: 'µs', compared: true },
  { head: 'CPU a delivery', of: (each) => each.cpuMicros, digits: 1, unit: 'µs', compared: true },
  { head: 'the last has it in', of: (each) => each.lastMs, unit: 'ms', compared: true },
  { head: 'first to last', of: (each) => each.spreadMs, unit: 'ms', compared: true },
  { head: 'longest block of the event loop', of: (each) => each.blockMs, unit: 'ms' },
  { head: 'longest /healthz', of: (each) => each.healthMs, unit: 'ms' },
  { head: 'client busy', of: (each) => each.clientShare * 100, unit: '%' },
  { head: 'lost', of: (each) => each.lost, isFault: true },
  { head: 'twice', of: (each) => each.twice, isFault: true },
]
