import { setTimeout as pause } from 'node:timers/promises'
import { endChild } from '#server/lab/testbed/child.ts'
import { epochMs } from './arms/market.ts'
import type { Faults } from './audience.ts'
import { gatherAudiences } from './audiences.ts'
import type { Fleet, ManyOptions } from './broadcast-to-many.ts'

export type Killed = Faults & {
  lostServer: number
  /** From the kill until everybody had an entry that was written after it. */
  backMs: number
  /** How many were let in within the worst 100 ms. */
  atOnce: number
  refused: number
  /** How many came to each of the gateways that were left. */
  byNode: number[]
}

const writeEveryMs = 1_000
const calmEntries = 3
const entriesAfter = 5
const windowMs = 100

/**
 * Kills one gateway in mid-stream, while an entry a second is written: its clients come back to the others with their
 * cursors. Every listener is followed through every entry, so that one that misses any ends the bench or is counted.
 */
export async function killOne(fleet: Fleet, { count, headers, processes }: ManyOptions): Promise<Killed> {
  const { nodes, path, send } = fleet
  const [victim, ...others] = nodes
  if (!victim) throw new Error('There is no gateway to kill')
  const ports = nodes.map(({ port }) => port)
  const audiences = await gatherAudiences({ ports, count, headers, path, processes, comesBack: true })
  for (let nth = 0; nth < calmEntries; nth += 1) {
    await audiences.heard(await send())
    await pause(writeEveryMs)
  }
  const killedAt = epochMs()
  await endChild(victim.child, 'SIGKILL')
  const arrivals = []
  for (let nth = 0; nth < entriesAfter; nth += 1) {
    arrivals.push(audiences.heard(await send()))
    await pause(writeEveryMs)
  }
  const [firstAfter] = await Promise.all(arrivals)
  const { lost, twice, refused, comebacks } = await audiences.figures()
  await audiences.close()
  await fleet.stop()
  const times = comebacks.map(({ atMs }) => atMs).toSorted((a, b) => a - b)
  return {
    ...{ lost, twice, refused, lostServer: comebacks.length },
    backMs: (firstAfter?.lastAt ?? Number.NaN) - killedAt,
    atOnce: mostWithin(times, windowMs),
    byNode: others.map(({ port }) => comebacks.filter((each) => each.port === port).length),
  }
}

/** The most of these times, in order, that lie within a window. */
function mostWithin(times: readonly number[], ms: number): number {
  let [from, most] = [0, 0]
  for (const [nth, at] of times.entries()) {
    while ((times[from] ?? at) < at - ms) from += 1
    most = Math.max(most, nth - from + 1)
  }
  return most
}
