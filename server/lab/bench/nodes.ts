import { mkdir, writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { dirname, resolve } from 'node:path'
import { writeBorrowers } from './borrowers.ts'
import { benchColdStart } from './cold-start.ts'
import { benchCommits } from './commits.ts'
import { benchCrossNode, type CrossNode, followedStreams } from './cross-node.ts'
import { withEngines } from './engines.ts'
import { secret, withBenchDatabase } from './wireside.ts'

/** What several nodes must hold: what wake-ups cost the writers, how news crosses nodes on each engine, and a cold start. */
export async function benchNodes(options: Set<string>): Promise<void> {
  await benchCommits(options)
  await compare({ gateways: [3], seconds: options.has('--quick') ? 5 : 20 })
  await benchColdStart(options)
}

/** The latest comparison of this machine. */
const keptFile = resolve(import.meta.dirname, '../../../.wireside/backplanes.json')

/** Each backplane with one, two and three gateways; what came out is kept as JSON, too. */
export async function benchBackplanes(options: Set<string>): Promise<void> {
  const quick = options.has('--quick')
  const [load = 0] = loadavg()
  const rows = await compare({ gateways: quick ? [1, 3] : [1, 2, 3], seconds: quick ? 3 : 6 })
  await mkdir(dirname(keptFile), { recursive: true })
  await writeFile(keptFile, `${JSON.stringify({ at: new Date().toISOString(), load, rows }, null, 2)}\n`)
  console.log(`\nLoad of the machine before: ${load.toFixed(1)}. Kept in ${keptFile}`)
}

/** Postgres waits for its disk, as the one that people run. */
async function compare(size: { gateways: number[]; seconds: number }): Promise<CrossNode[]> {
  let rows: CrossNode[] = []
  await withBenchDatabase(async (databaseUrl) => {
    const borrowers = await writeBorrowers(databaseUrl, secret, followedStreams)
    await withEngines(async (arms) => {
      rows = await benchCrossNode(databaseUrl, borrowers, arms, size)
    })
  }, {})
  return rows
}
