import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { openAppender, type Wakes } from './appender.ts'
import type { Borrower } from './borrowers.ts'
import { percentiles } from './crowd.ts'
import type { BenchRun } from './run.ts'
import { allCores, type Server } from './servers.ts'
import { type Column, inTurns, mapValues, type Turns, turnsTable } from './turns.ts'
import { startWireside } from './wireside.ts'

/** Which engines an arm has, and how its writers tell of what they append. */
export type Engines = { name: string; settings: Record<string, string>; goalMs: number; wakes?: Wakes }

type Size = { gateways: readonly number[]; seconds: number }

export const followedStreams = 30
const perSecond = 300
const writers = followedStreams
const warmSeconds = 1
const flatOutMs = 2_000

/** Reads of the log and bytes are of one gateway, for each entry; bytes by the kernel, of all that it reads. */
export type CrossNode = {
  engines: string
  gateways: number
  p50Ms: number
  p99Ms: number
  goalMs: number
  writesPerSecond: number
  readsAnEntry: number
  bytesAnEntry: number
  lost: number
  twice: number
}

/**
 * From just before the append in one process to the frame at a client of another: 300 entries a second over 30 streams,
 * each followed on each gateway; and how many entries a second as many writers commit at most meanwhile.
 */
export async function benchCrossNode(
  run: BenchRun,
  databaseUrl: string,
  borrowers: Borrower[],
  engines: Engines[],
  size: Size,
): Promise<CrossNode[]> {
  const byName = Object.fromEntries(engines.map((each) => [each.name, each]))
  const measure = (each: Engines) => () => measureEngines(databaseUrl, borrowers, each, size)
  // An engine takes a minute a turn.
  const turns = await inTurns(mapValues(byName, measure), Math.min(run.rounds, 3))
  const byRow: Turns<CrossNode> = {}
  for (const { figures, others } of Object.values(turns).flat()) {
    for (const row of figures) {
      const name = `${row.engines} (goal of p99 ≤ ${row.goalMs} ms), gateways: ${row.gateways}`
      byRow[name] = [...(byRow[name] ?? []), { figures: row, others }]
    }
  }
  run.add(`${perSecond} entries/s over ${followedStreams} streams, ${size.seconds} s a turn.`)
  run.add(turnsTable(byRow, columns))
  return Object.values(byRow).flatMap((each) => middleOf(each.map(({ figures }) => figures)))
}

/** The turn whose p99 is the median one. */
function middleOf(rows: readonly CrossNode[]): CrossNode[] {
  const sorted = rows.toSorted((one, other) => one.p99Ms - other.p99Ms)
  return sorted.slice(Math.floor((rows.length - 1) / 2)).slice(0, 1)
}

const columns: Column<CrossNode>[] = [
  { head: 'p50', of: (each) => each.p50Ms, digits: 1, unit: 'ms' },
  { head: 'p99', of: (each) => each.p99Ms, digits: 1, unit: 'ms' },
  { head: 'writes/s at most', of: (each) => each.writesPerSecond },
  { head: 'reads an entry and gateway', of: (each) => each.readsAnEntry, digits: 2 },
  { head: 'bytes', of: (each) => each.bytesAnEntry },
  { head: 'lost', of: (each) => each.lost, isFault: true },
  { head: 'twice', of: (each) => each.twice, isFault: true },
]

/** Nodes share all cores with the client: what is compared is one arm with another. */
function start(databaseUrl: string, settings: Record<string, string>): Promise<Server> {
  return startWireside({ databaseUrl, settings, cores: allCores })
}

/** On ever more gateways. */
async function measureEngines(
  databaseUrl: string,
  borrowers: Borrower[],
  { name, settings, goalMs, wakes }: Engines,
  { gateways, seconds }: Size,
): Promise<CrossNode[]> {
  await using opened = new AsyncDisposableStack()
  const begin = async (more: Record<string, string> = {}) => {
    const node = await start(databaseUrl, { ...settings, ...more })
    opened.defer(() => node.stop())
    return node
  }
  if (settings.KAFKA_BROKERS) await begin({ ROLES: 'relay' })
  const appender = await openAppender(databaseUrl, {
    connections: writers,
    redisUrl: settings.REDIS_URL,
    tellsRelay: settings.KAFKA_BROKERS !== undefined,
    wakes,
  })
  opened.defer(() => appender.close())
  const nodes: Server[] = []
  const measured: CrossNode[] = []
  for (const count of gateways) {
    while (nodes.length < count) nodes.push(await begin())
    const figures = await measure(nodes, borrowers, appender.append, seconds)
    measured.push({ engines: name, gateways: count, goalMs, ...figures })
  }
  return measured
}

async function measure(
  nodes: readonly Server[],
  borrowers: Borrower[],
  append: Append,
  seconds: number,
): Promise<Omit<CrossNode, 'engines' | 'gateways' | 'goalMs'>> {
  const listeners = await Promise.all(
    nodes.flatMap(({ port }) => borrowers.map((each) => listen(port, each))),
  )
  // What is opened for the first time is not what is measured.
  await appendFor(append, borrowers, warmSeconds)
  await pause(1_500)
  for (const listener of listeners) listener.reset()
  const before = await Promise.all(nodes.map(readBy))
  const written = await appendFor(append, borrowers, seconds)
  await pause(2_500)
  const after = await Promise.all(nodes.map(readBy))
  const anEntry = (of: 'reads' | 'bytes') =>
    after.reduce((sum, read, n) => sum + read[of] - (before[n]?.[of] ?? 0), 0) / written / nodes.length
  const latencies = listeners.flatMap((listener) => listener.latencies)
  const twice = listeners.reduce((sum, listener) => sum + listener.twice(), 0)
  const { p50Ms, p99Ms } = percentiles(latencies)
  const lost = written * nodes.length - (latencies.length - twice)
  const writesPerSecond = await appendFlatOut(append, borrowers)
  for (const listener of listeners) listener.close()
  return {
    ...{ p50Ms, p99Ms, writesPerSecond, lost, twice },
    ...{ readsAnEntry: anEntry('reads'), bytesAnEntry: anEntry('bytes') },
  }
}

/** As many entries a second as a writer for each stream commits, each in a transaction of its own. */
async function appendFlatOut(append: Append, borrowers: readonly Borrower[]): Promise<number> {
  const begunAt = performance.now()
  let written = 0
  await Promise.all(
    borrowers.map(async ({ loanId }) => {
      while (performance.now() - begunAt < flatOutMs) {
        await append({ stream: `loan:${loanId}`, type: 'loan.bench', data: {} })
        written += 1
      }
    }),
  )
  return (written * 1_000) / (performance.now() - begunAt)
}

type Append = Awaited<ReturnType<typeof openAppender>>['append']

/** Appends at the pace, each in a transaction of its own, spread over the streams. Gives how many there were. */
async function appendFor(append: Append, borrowers: Borrower[], seconds: number): Promise<number> {
  const total = perSecond * seconds
  const running = new Set<Promise<unknown>>()
  const begunAt = performance.now()
  for (let n = 0; n < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - begunAt) * perSecond) / 1_000))
    for (; n < due && running.size < writers; n += 1) {
      const stream = `loan:${borrowers[n % borrowers.length]?.loanId}`
      const entry = { stream, type: 'loan.bench', data: { sentMs: performance.now() } }
      // A busy machine may not give it a connection in time, and then nothing was written.
      const appended = append(entry).catch(() => append(entry))
      running.add(appended)
      void appended.finally(() => running.delete(appended))
    }
    await pause(2)
  }
  await Promise.all(running)
  return total
}

type Listener = { latencies: number[]; twice(): number; reset(): void; close(): void }

/** One event stream, from now on. Resolves when it is ready. */
function listen(port: number, { loanId, cookie }: Borrower): Promise<Listener> {
  const { promise, resolve, reject } = Promise.withResolvers<Listener>()
  const path = `/api/streams/loan:${loanId}?after=now`
  const headers = { accept: 'text/event-stream', cookie, host: 'localhost' }
  const latencies: number[] = []
  let seen = new Set<string>()
  let repeated = 0
  const asked = request({ port, path, headers, host: '127.0.0.1', agent: false }, (response) => {
    if (response.statusCode !== 200) return reject(new Error(`A stream was refused: ${response.statusCode}`))
    response.setEncoding('utf8')
    let rest = ''
    response.on('data', (text: string) => {
      const arrivedMs = performance.now()
      const frames = (rest + text).split('\n\n')
      rest = frames.pop() ?? ''
      for (const frame of frames) {
        if (frame.includes('event: ready')) resolve(listener)
        const sentMs = /"sentMs":([\d.]+)/.exec(frame)?.[1]
        if (sentMs === undefined) continue
        latencies.push(arrivedMs - Number(sentMs))
        const id = /^id: (.*)$/m.exec(frame)?.[1] ?? ''
        if (seen.has(id)) repeated += 1
        seen.add(id)
      }
    })
    response.on('error', () => undefined)
  })
  const listener: Listener = {
    latencies,
    twice: () => repeated,
    reset() {
      latencies.length = 0
      seen = new Set()
      repeated = 0
    },
    close: () => void asked.destroy(),
  }
  asked.on('error', reject)
  asked.end()
  return promise
}

/** Since its start: reads of entries in Postgres, for whatever reason, and bytes that it has read from anywhere. */
async function readBy({ port, child }: Server): Promise<{ reads: number; bytes: number }> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const counts = [...metrics.matchAll(/^wireside_log_reads_total\{[^}]*\} (\d+)$/gm)]
  if (counts.length === 0) throw new Error('The node does not count its reads of the log')
  const reads = counts.reduce((sum, [, count]) => sum + Number(count), 0)
  const [, bytes] = /^rchar: (\d+)$/m.exec(await readFile(`/proc/${child.pid}/io`, 'latin1')) ?? []
  return { reads, bytes: Number(bytes) }
}
