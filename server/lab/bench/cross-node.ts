import { request } from 'node:http'
import { availableParallelism } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { openAppender } from './appender.ts'
import type { Borrower } from './borrowers.ts'
import { markdownTable, type Server } from './core.ts'
import { percentiles } from './crowd.ts'
import { startWireside } from './wireside.ts'

/** Which engines an arm has; `mute` is the control whose wake-ups are all lost. */
export type Engines = { name: string; settings: Record<string, string>; goalMs: number; mute?: boolean }

const gateways = 3
export const followedStreams = 30
const perSecond = 300
const writers = 10

type Figures = { p50Ms: number; p99Ms: number; lost: number; twice: number; readsAnEntry: number }

/**
 * From just before the append in one process to the frame at a client of another: 300 entries a second over 30 streams,
 * each followed on each of three gateways. Reads of Postgres are those of the log by a gateway, for each entry.
 */
export async function benchCrossNode(
  databaseUrl: string,
  borrowers: Borrower[],
  engines: Engines[],
  seconds: number,
): Promise<void> {
  const rows: string[][] = []
  for (const engine of engines) {
    const { p50Ms, p99Ms, lost, twice, readsAnEntry } = await deliver(databaseUrl, borrowers, engine, seconds)
    rows.push([
      engine.name,
      `${p50Ms.toFixed(1)} ms`,
      `${p99Ms.toFixed(1)} ms`,
      `≤ ${engine.goalMs} ms`,
      readsAnEntry.toFixed(2),
      String(lost),
      String(twice),
    ])
  }
  console.log(
    `\n${perSecond} entries/s over ${followedStreams} streams to ${gateways} gateways, ${seconds} s each\n`,
  )
  console.log(
    markdownTable(
      ['engines', 'p50', 'p99', 'goal of p99', 'reads of the log an entry and gateway', 'lost', 'twice'],
      rows,
    ),
  )
}

/** Nodes share all cores with the client: what is compared is one arm with another. */
function start(databaseUrl: string, settings: Record<string, string>): Promise<Server> {
  return startWireside(databaseUrl, settings, [], undefined, `0-${availableParallelism() - 1}`)
}

async function deliver(
  databaseUrl: string,
  borrowers: Borrower[],
  { settings, mute }: Engines,
  seconds: number,
): Promise<Figures> {
  const nodes = await Promise.all(Array.from({ length: gateways }, () => start(databaseUrl, settings)))
  const relay = settings.KAFKA_BROKERS ? await start(databaseUrl, { ...settings, ROLES: 'relay' }) : undefined
  const appender = await openAppender(databaseUrl, {
    connections: writers,
    redisUrl: settings.REDIS_URL,
    tellsRelay: settings.KAFKA_BROKERS !== undefined,
    mute,
  })
  const listeners = await Promise.all(
    nodes.flatMap(({ port }) => borrowers.map((each) => listen(port, each))),
  )
  // What is opened for the first time is not what is measured.
  await appendFor(appender.append, borrowers, 1)
  await pause(1_500)
  for (const listener of listeners) listener.reset()
  const before = await Promise.all(nodes.map(logReads))
  const written = await appendFor(appender.append, borrowers, seconds)
  await pause(2_500)
  const after = await Promise.all(nodes.map(logReads))
  const reads = after.reduce((sum, count, n) => sum + count - (before[n] ?? 0), 0)
  const latencies = listeners.flatMap(({ latencies }) => latencies)
  for (const listener of listeners) listener.close()
  await appender.close()
  await Promise.all([...nodes, ...(relay ? [relay] : [])].map((node) => node.stop()))
  const twice = listeners.reduce((sum, listener) => sum + listener.twice(), 0)
  return {
    ...percentiles(latencies),
    lost: written * gateways - (latencies.length - twice),
    twice,
    readsAnEntry: reads / written / gateways,
  }
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
      const appended = append({ stream, type: 'loan.bench', data: { sentMs: performance.now() } })
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

/** Reads of entries in Postgres by a node since its start, for whatever reason. */
async function logReads({ port }: Server): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const counts = [...metrics.matchAll(/^wireside_log_reads_total\{[^}]*\} (\d+)$/gm)]
  if (counts.length === 0) throw new Error('The node does not count its reads of the log')
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}
