import { socketPath } from '#server/protocol/socket.ts'
import { type Borrower, writeBorrowers } from './borrowers.ts'
import { checkouts } from './checkouts.ts'
import { percentiles } from './crowd.ts'
import { messageSender, openRoom, sendOn } from './room-talk.ts'
import type { BenchRun } from './run.ts'
import type { Server } from './servers.ts'
import { type Column, comparisonTable, inTurns, mapValues, turnsTable } from './turns.ts'
import { admitWatchers } from './watcher.ts'
import { secret, startWireside, withBenchDatabase } from './wireside.ts'

const writers = 50
const settings = {
  MAX_SOCKETS_PER_USER: '1000',
  PACKETS_PER_SECOND: '1000000',
  CHAT_BURST: '1000000',
  CHAT_PER_SECOND: '1000000',
  ROOMS_PER_MINUTE: '1000000',
  LOANS_PER_MINUTE: '1000000',
}

/** What is written: how long each write took, in ms. */
type Load = (server: Server, people: Borrower[], forMs: number) => Promise<number[]>
type Round = { perSecond: number; p50Ms: number; p99Ms: number; cpuMs: number }

const loads: Record<string, Load> = {
  'messages to one room': (server, people, forMs) => talk(server, people, 1, forMs),
  'messages to 100 rooms': (server, people, forMs) => talk(server, people, 2 * writers, forMs),
  'loan applications': submitLoans,
}

/** How much fifty writers get acknowledged, each as fast as acknowledgements come. Postgres waits for its disk. */
export async function benchWrites(run: BenchRun): Promise<void> {
  const forMs = run.quick ? 2_000 : 4_000
  await withBenchDatabase(
    run,
    async (databaseUrl) => {
      const people = await writeBorrowers(databaseUrl, secret, writers)
      for (const [name, load] of Object.entries(loads)) {
        const arms = mapValues(checkouts(run.against), (checkout) => async () => {
          const server = await startWireside({ databaseUrl, checkout, settings })
          await load(server, people, forMs / 2)
          const round = await measure(server, people, load, forMs)
          await server.stop()
          return round
        })
        const turns = await inTurns(arms, run.rounds)
        run.add(`### ${writers} writers of ${name}, ${forMs / 1_000} s a turn`)
        run.add(turnsTable(turns, columns))
        if (run.against !== undefined) run.add(comparisonTable(turns, columns))
      }
    },
    {},
  )
}

const columns: Column<Round>[] = [
  { head: 'writes/s', of: ({ perSecond }) => perSecond, compared: true },
  { head: 'p50', of: ({ p50Ms }) => p50Ms, unit: 'ms', compared: true },
  { head: 'p99', of: ({ p99Ms }) => p99Ms, unit: 'ms', compared: true },
  { head: 'CPU of the app a write', of: ({ cpuMs }) => cpuMs, digits: 2, unit: 'ms', compared: true },
]

async function measure(server: Server, people: Borrower[], load: Load, forMs: number): Promise<Round> {
  const [before, startedAt] = [server.usage().cpuSeconds, performance.now()]
  const latencies = await load(server, people, forMs)
  const tookMs = performance.now() - startedAt
  return {
    perSecond: (latencies.length * 1_000) / tookMs,
    ...percentiles(latencies),
    cpuMs: ((server.usage().cpuSeconds - before) * 1_000) / latencies.length,
  }
}

const rooms = new Map<number, string[]>()

/** Each writer is in two of the rooms, unless there is but one. Nobody follows them. */
async function talk({ port }: Server, people: Borrower[], count: number, forMs: number): Promise<number[]> {
  const ids = rooms.get(count) ?? (await openRooms(port, people, count))
  rooms.set(count, ids)
  const messages = messageSender()
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const entrance = {
    path: `${socketPath}?EIO=4&transport=websocket`,
    greets: true,
    cookie: (nth: number) => people[nth]?.cookie,
  }
  const tally = { frame: () => undefined, ack: messages.ack, failed: failure.reject }
  const sockets = await admitWatchers(port, writers, entrance, tally)
  const talking = sockets.map((socket, nth) => {
    let at = nth
    return sendOn(() => {
      at += writers
      return messages.send(socket, ids[at % count] ?? '')
    }, forMs)
  })
  await Promise.race([Promise.all(talking), failure.promise])
  for (const socket of sockets) socket.close()
  return messages.ackMs
}

async function openRooms(port: number, people: Borrower[], count: number): Promise<string[]> {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const members = count === 1 ? people : people.slice(nth % writers, (nth % writers) + 1)
    ids.push(await openRoom(port, members))
  }
  return ids
}

async function submitLoans({ port }: Server, people: Borrower[], forMs: number): Promise<number[]> {
  const latencies: number[] = []
  const loan = { amountMinor: 1_850_000, currency: 'EUR', purpose: 'a heat pump', termMonths: 36 }
  const submit = async ({ cookie }: Borrower) => {
    const askedAt = performance.now()
    const response = await fetch(`http://127.0.0.1:${port}/api/loans`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify(loan),
    })
    const text = await response.text()
    if (response.status !== 201) throw new Error(`A loan was refused: ${text}`)
    latencies.push(performance.now() - askedAt)
  }
  await Promise.all(people.map((person) => sendOn(() => submit(person), forMs)))
  return latencies
}
