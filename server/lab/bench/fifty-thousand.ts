import { connectionsAllowed } from '#server/lab/testbed/child.ts'
import { openAppender } from './appender.ts'
import { writeBorrowers } from './borrowers.ts'
import { broadcastEntry } from './broadcast.ts'
import { broadcastToMany, type Fleet, type ManyHeard, type ManyOptions } from './broadcast-to-many.ts'
import { type Gateways, startGateways, startResWrite } from './gateways.ts'
import { type Killed, killOne } from './kill-one.ts'
import type { BenchRun } from './run.ts'
import { broadcastFrom } from './sse-arms.ts'
import { type Column, comparisonTable, inTurns, turnsTable } from './turns.ts'
import { secret, withBenchDatabase } from './wireside.ts'

const gateways = 3
const people = 100

/**
 * 50,000 event streams on three gateways, beside `res.write` on as many processes; then one of three gateways with
 * 36,000 streams is killed.
 */
export async function benchFiftyThousand(run: BenchRun): Promise<void> {
  const allowed = connectionsAllowed()
  const [streams, kept] = run.quick ? [1_500, 900] : [50_000, 36_000]
  const count = Math.min(streams, allowed * gateways)
  const killed = Math.min(kept, allowed * (gateways - 1))
  await withBenchDatabase(run, async (databaseUrl) => {
    const followers = await writeBorrowers(databaseUrl, secret, people)
    const headers = followers.map((each) => each.headers)
    const cookie = followers[0]?.cookie ?? ''
    const appender = await openAppender(databaseUrl)
    const many: ManyOptions = { count, headers, processes: processesFor(count, allowed) }
    const ours = (started: Gateways): Fleet => ({
      ...{ ...started, cookie, path: `/api/streams/${broadcastEntry.stream}?after=now` },
      send: () => appender.append(broadcastEntry),
    })
    const arms = {
      wireside: async () => broadcastToMany(ours(await startGateways(databaseUrl, gateways)), many),
      'res.write': async () => broadcastToMany(resWrite(await startResWrite(gateways)), many),
    }
    run.add(premise({ count, killed, allowed }))
    const turns = await inTurns<ManyHeard>(arms, run.rounds)
    run.add(turnsTable(turns, columns))
    run.add(comparisonTable(turns, columns))
    const fleet = ours(await startGateways(databaseUrl, gateways))
    const fate = await killOne(fleet, { ...many, count: killed, processes: processesFor(killed, allowed) })
    run.add(killedText(killed, fate))
    await appender.close()
  })
}

/** At least two, so that it is never one core that reads for all. */
function processesFor(count: number, allowed: number): number {
  return Math.max(2, Math.ceil(count / allowed))
}

function resWrite(started: Gateways): Fleet {
  let seq = 0
  return {
    ...{ ...started, cookie: undefined, path: '/stream' },
    async send() {
      seq += 1
      await Promise.all(started.nodes.map((node) => broadcastFrom(node, seq)))
      return seq
    },
  }
}

type Premise = { count: number; killed: number; allowed: number }

function premise({ count, killed, allowed }: Premise): string {
  const each = (streams: number, over: number) => Math.ceil(streams / over).toLocaleString('en')
  return `${count.toLocaleString('en')} event streams from 16 loopback addresses on ${gateways} gateways: ${each(count, gateways)} a process, and ${each(killed, gateways - 1)} once one of ${killed.toLocaleString('en')} is killed; the open-file
limit allows ${allowed.toLocaleString('en')}. One broadcast of 200 bytes after the other. wireside: from before the append in another process
(transaction, NOTIFY, a read of the log by each gateway), with a price service beside and each instrument followed at each
gateway. res.write: from the requests that trigger it; no session, no log.`
}

const columns: Column<ManyHeard>[] = [
  { head: 'accepted/s', of: (each) => each.acceptedPerSecond, compared: true },
  { head: 'KiB each, idle', of: (each) => each.idleKib, digits: 1 },
  { head: 'after', of: (each) => each.afterKib, digits: 1, compared: true },
  { head: 'the last has it in', of: (each) => each.lastMs, unit: 'ms', compared: true },
  { head: 'worst', of: (each) => each.worstMs, unit: 'ms' },
  { head: 'CPU a delivery', of: (each) => each.cpuMicros, digits: 1, unit: 'µs', compared: true },
  { head: 'of the clients', of: (each) => each.clientMicros, digits: 1, unit: 'µs' },
  { head: 'prices/s', of: (each) => each.prices?.perSecond ?? Number.NaN },
  { head: 'their age p50', of: (each) => each.prices?.p50Ms ?? Number.NaN, unit: 'ms' },
  { head: 'p99', of: (each) => each.prices?.p99Ms ?? Number.NaN, unit: 'ms' },
  { head: 'lost', of: (each) => each.lost, isFault: true },
  { head: 'twice', of: (each) => each.twice, isFault: true },
]

function killedText(count: number, killed: Killed): string {
  const { lostServer, backMs, atOnce, refused, byNode, lost, twice } = killed
  return `One gateway killed under ${count.toLocaleString('en')} streams: ${lostServer} lost theirs, and all had what was written after it within
${(backMs / 1_000).toFixed(1)} s (goal ≤ 30 s), back at the other two ${byNode.join(' and ')}; at most ${atOnce} came back in 100 ms, ${refused} tries were
refused, ${lost} entries were lost and ${twice} came twice.`
}
