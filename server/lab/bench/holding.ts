import type { Appender } from './appender.ts'
import type { Borrower } from './borrowers.ts'
import { Connection, requestOf } from './crowd.ts'
import { type Blocks, longestBlocks } from './loop-blocks.ts'
import { type Server, settled } from './servers.ts'
import type { Column } from './turns.ts'

/** A server that can hold requests: what everybody asks at once, what they hold, and what releases them all. */
export type HoldingArm = { server: Server; served(): string[]; held(): string[]; release(): Promise<unknown> }

/** CPU of the server for each request: from its arrival until it is held, and from the event until all are answered. */
export type Held = Blocks & { releaseMs: number; kibEach: number; holdMicros: number; releaseMicros: number }

export const heldColumns: Column<Held>[] = [
  { head: 'all released in', of: (each) => each.releaseMs, unit: 'ms', compared: true },
  { head: 'CPU to hold one', of: (each) => each.holdMicros, unit: 'µs', compared: true },
  { head: 'CPU to release one', of: (each) => each.releaseMicros, unit: 'µs', compared: true },
  { head: 'both', of: (each) => each.holdMicros + each.releaseMicros, unit: 'µs', compared: true },
  { head: 'KiB each', of: (each) => each.kibEach, digits: 1, compared: true },
  { head: 'longest block of the event loop', of: (each) => each.blockMs, unit: 'ms' },
  { head: 'longest /healthz', of: (each) => each.healthMs, unit: 'ms' },
]

/** A node of ours, which everybody asks for the same stream, from its newest entry on. */
export async function holdOnStream(
  server: Server,
  { append }: Appender,
  epoch: string,
  borrowers: Borrower[],
): Promise<HoldingArm> {
  const stream = `loan:${borrowers[0]?.loanId}`
  const next = () => append({ stream, type: 'loan.bench', data: {} })
  let seq = await next()
  const requests = (extra?: string) => {
    const path = `/api/streams/${stream}?after=${epoch}.${seq}`
    return borrowers.map(({ headers }) => requestOf({ path, headers, etag: undefined }, extra))
  }
  return {
    server,
    served: requests,
    held: () => requests('prefer: wait=25\r\n'),
    release: async () => {
      seq = await next()
    },
  }
}

/** Releases everybody: nchan sends them what is posted, others what they have. */
const release = 'POST /release HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 14\r\n\r\n{"entries":[]}'

/** A server that holds whoever asks for `/held`, until it is told to release them. */
export function holdOnPath(server: Server, count: number): HoldingArm {
  const requests = (path: string) =>
    Array.from({ length: count }, () => requestOf({ path, headers: '', etag: undefined }))
  return {
    server,
    served: () => requests('/healthz'),
    held: () => requests('/held'),
    async release() {
      const connection = await Connection.open(server.port, 0)
      await connection.ask(release)
      connection.close()
    },
  }
}

/**
 * Everybody holds a request; one event releases them all; twice, and once more with the meters on. The first time warms
 * up. Memory is counted from a server that has served everybody once, on few connections, to a full house.
 */
export async function hold({ server, served, held, release }: HoldingArm): Promise<Held> {
  await serveOnce(server.port, served())
  const empty = server.usage().residentBytes
  const connections = await connect(server.port, held().length)
  const micros = (seconds: number) => (seconds * 1_000_000) / connections.length
  let measured = { releaseMs: 0, holdMicros: 0, releaseMicros: 0 }
  for (let round = 0; round < 2; round += 1) {
    const before = server.usage().cpuSeconds
    const answers = ask(connections, held())
    await settled(server)
    const between = server.usage().cpuSeconds
    const releasedAt = performance.now()
    await release()
    assertReleased(await answers)
    const releaseMs = performance.now() - releasedAt
    await settled(server)
    const releaseMicros = micros(server.usage().cpuSeconds - between)
    measured = { releaseMs, holdMicros: micros(between - before), releaseMicros }
  }
  const last = ask(connections, held())
  await settled(server)
  const kibEach = (server.usage().residentBytes - empty) / 1_024 / connections.length
  const blocks = await longestBlocks(server, async () => {
    await release()
    assertReleased(await last)
  })
  for (const connection of connections) connection.close()
  await server.stop()
  return { ...measured, ...blocks, kibEach }
}

function assertReleased(answers: { status: number }[]): void {
  if (answers.some(({ status }) => status !== 200)) throw new Error('Not everybody was answered 200')
}

async function serveOnce(port: number, requests: string[]): Promise<void> {
  const connections = await connect(port, 20)
  for (let at = 0; at < requests.length; at += connections.length) {
    await ask(connections.slice(0, requests.length - at), requests.slice(at, at + connections.length))
  }
  for (const connection of connections) connection.close()
}

async function connect(port: number, count: number): Promise<Connection[]> {
  const connections: Connection[] = []
  const burst = 200
  while (connections.length < count) {
    const opening = Array.from({ length: Math.min(burst, count - connections.length) }, (_, index) =>
      Connection.open(port, index),
    )
    connections.push(...(await Promise.all(opening)))
  }
  return connections
}

function ask(connections: Connection[], requests: string[]) {
  return Promise.all(connections.map((connection, index) => connection.ask(requests[index] ?? '')))
}
