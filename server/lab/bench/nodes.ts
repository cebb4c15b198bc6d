import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { dirname, resolve } from 'node:path'
import { writeBorrowers } from './borrowers.ts'
import { benchCrossNode, type CrossNode, followedStreams } from './cross-node.ts'
import { withEngines } from './engines.ts'
import type { BenchRun } from './run.ts'
import { secret, withBenchDatabase } from './wireside.ts'

/** How news crosses nodes on each backplane. */
export async function benchNodes(run: BenchRun): Promise<void> {
  await compare(run, { gateways: [3], seconds: run.quick ? 5 : 20 })
}

/** The latest comparison of this machine. */
const keptFile = resolve(import.meta.dirname, '../../../.wireside/backplanes.json')

/** Each backplane with one, two and three gateways; what came out is kept as JSON, too. */
export async function benchBackplanes(run: BenchRun): Promise<void> {
  const { quick } = run
  const [load = 0] = loadavg()
  const rows = await compare(run, { gateways: quick ? [1, 3] : [1, 2, 3], seconds: quick ? 3 : 6 })
  await mkdir(dirname(keptFile), { recursive: true })
  await writeFile(keptFile, `${JSON.stringify({ at: new Date().toISOString(), load, rows }, null, 2)}\n`)
}

/** Postgres waits for its disk, as the one that people run. */
async function compare(run: BenchRun, size: { gateways: number[]; seconds: number }): Promise<CrossNode[]> {
  let rows: CrossNode[] = []
  await withBenchDatabase(
    run,
    async (databaseUrl) => {
      const borrowers = await writeBorrowers(databaseUrl, secret, followedStreams)
      await withEngines(run, async (arms) => {
        rows = await benchCrossNode(run, databaseUrl, borrowers, arms, size)
      })
    },
    {},
  )
  return rows
}
