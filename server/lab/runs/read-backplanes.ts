import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { z } from 'zod'
import type { StoredBackplanes } from '#server/protocol/lab-cluster.ts'

/** Where `bench-backplanes` keeps its latest comparison. */
const keptFile = resolve(import.meta.dirname, '../../../.wireside/backplanes.json')

export const backplanesAnswer = z.object({
  at: z.iso.datetime(),
  load: z.number(),
  rows: z.array(
    z.object({
      engines: z.string(),
      gateways: z.int(),
      ...{ p50Ms: z.number(), p99Ms: z.number(), writesPerSecond: z.number() },
      ...{ readsAnEntry: z.number(), bytesAnEntry: z.number(), lost: z.int(), twice: z.int() },
    }),
  ),
}) satisfies z.ZodType<StoredBackplanes>

/** The latest comparison of backplanes on this machine; undefined when there is none that can be read. */
export async function readBackplanes(file = keptFile): Promise<StoredBackplanes | undefined> {
  try {
    return backplanesAnswer.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    // Never measured here, or by another version.
    return undefined
  }
}
