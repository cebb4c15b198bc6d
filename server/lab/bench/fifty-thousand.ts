import { loadavg } from 'node:os'
import { connectionsAllowed } from '#server/lab/testbed/child.ts'
import { openAppender } from './appender.ts'
import { writeBorrowers } from './borrowers.ts'
import { broadcastEntry } from './broadcast.ts'
import { broadcastToMany, type Fleet, type ManyHeard, type ManyOptions } from './broadcast-to-many.ts'
import { markdownTable, median } from './core.ts'
import { type Gateways, startGateways, startResWrite } from './gateways.ts'
import { type Killed, killOne } from './kill-one.ts'
import { secret, withBenchDatabase } from './wireside.ts'

const gateways = 3
const people = 100
const armNames = ['wireside', 'res.write'] as const

/**
 * 50,000 event streams on three gateways, beside `res.write` on as many processes, in turns; then one of three gateways
 * with 36,000 streams is killed.
 */
export async function benchFiftyThousand(options: Set<string>): Promise<void> {
  const quick = options.has('--quick')
  const allowed = connectionsAllowed()
  const [streams, kept] = quick ? [1_500, 900] : [50_000, 36_000]
  const count = Math.min(streams, allowed * gateways)
  const killed = Math.min(kept, allowed * (gateways - 1))
  if (count < streams || killed < kept)
    console.log(`Fewer than ${streams} and ${kept}: a process may not open more`)
  const rounds = quick ? 1 : 2
  console.log(premise({ count, killed, allowed, rounds }))
  await withBenchDatabase(async (databaseUrl) => {
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
      wireside: async () => ours(await startGateways(databaseUrl, gateways)),
      'res.write': async () => resWrite(await startResWrite(gateways)),
    }
    const heard: Record<(typeof armNames)[number], ManyHeard[]> = { wireside: [], 'res.write': [] }
    for (let round = 0; round < rounds; round += 1) {
      for (const arm of armNames) heard[arm].push(await broadcastToMany(await arms[arm](), many))
    }
    console.log(`\n${broadcastTable(heard)}`)
    const fleet = ours(await startGateways(databaseUrl, gateways))
    const fate = await killOne(fleet, { ...many, count: killed, processes: processesFor(killed, allowed) })
    console.log(`\n${killedTable(killed, fate)}`)
    await appender.close()
  })
}

/** At least two, so that it is never one core that reads for all. */
function processesFor(count: number, allowed: number): number {
  return Math.max(2, Math.ceil(count / allowed))
}

function resWrite(started: Gateways): Fleet {
  const send = async ({ port }: { port: number }) => {
    const body = JSON.stringify(broadcastEntry.data)
    const answer = await fetch(`http://127.0.0.1:${port}/broadcast`, { method: 'POST', body })
    return Number(await answer.text())
  }
  return {
    ...{ ...started, cookie: undefined, path: '/stream' },
    send: async () => (await Promise.all(started.nodes.map(send)))[0] ?? 0,
  }
}

type Premise = { count: number; killed: number; allowed: number; rounds: number }

function premise({ count, killed, allowed, rounds }: Premise): string {
  const each = (streams: number, over: number) => Math.ceil(streams / over).toLocaleString('en')
  return `
${count.toLocaleString('en')} event streams from 16 loopback addresses on ${gateways} gateways: ${each(count, gateways)} a process, and ${each(killed, gateways - 1)} once one of ${killed.toLocaleString('en')} is killed; the open-file
limit allows ${allowed.toLocaleString('en')}. Everything shares the cores. One broadcast of 200 bytes after the other, medians of ${rounds} rounds in turns.
wireside: from before the append in another process (transaction, NOTIFY, a read of the log by each gateway), with a price
service beside and each instrument followed at each gateway. res.write: from the requests that trigger it; no session, no log.
Load of the machine before: ${loadavg()[0]?.toFixed(1)}`
}

function broadcastTable(heard: Record<string, ManyHeard[]>): string {
  const head = [
    'arm',
    'accepted/s',
    'KiB each, idle',
    'after',
    'the last has it in (median)',
    'worst',
    'CPU a delivery',
    'of the clients',
    'prices/s',
    'their age p50',
    'p99',
    'lost',
    'twice',
  ]
  const rows = Object.entries(heard).map(([arm, rounds]) => {
    const middle = (of: (round: ManyHeard) => number) => median(rounds.map(of))
    const sum = (of: (round: ManyHeard) => number) => rounds.reduce((total, round) => total + of(round), 0)
    const priced = rounds.flatMap(({ prices }) => prices ?? [])
    const price = (of: 'perSecond' | 'p50Ms' | 'p99Ms', unit: string) =>
      priced.length === 0 ? '—' : `${median(priced.map((each) => each[of])).toFixed(0)}${unit}`
    return [
      arm,
      Math.round(middle(({ acceptedPerSecond }) => acceptedPerSecond)).toLocaleString('en'),
      middle(({ idleKib }) => idleKib).toFixed(1),
      middle(({ afterKib }) => afterKib).toFixed(1),
      `${middle(({ lastMs }) => lastMs).toFixed(0)} ms`,
      `${Math.max(...rounds.map(({ worstMs }) => worstMs)).toFixed(0)} ms`,
      `${middle(({ cpuMicros }) => cpuMicros).toFixed(1)} µs`,
      `${middle(({ clientMicros }) => clientMicros).toFixed(1)} µs`,
      ...[price('perSecond', ''), price('p50Ms', ' ms'), price('p99Ms', ' ms')],
      String(sum(({ lost }) => lost)),
      String(sum(({ twice }) => twice)),
    ]
  })
  return markdownTable(head, rows)
}

function killedTable(count: number, killed: Killed): string {
  const { lostServer, backMs, atOnce, refused, byNode, lost, twice } = killed
  return `${markdownTable(
    [
      'streams',
      'lost their gateway',
      'all have what came after',
      'most back in 100 ms',
      'refused tries',
      'lost',
      'twice',
    ],
    [[count, lostServer, `${(backMs / 1_000).toFixed(1)} s`, atOnce, refused, lost, twice].map(String)],
  )}\n\nBack at the other two: ${byNode.join(' and ')} (goal: spread, within 30 s, nothing lost)`
}
