import { Client } from 'pg'
import { freePort } from '#server/database/embedded/launch.ts'
import { openAppender } from './appender.ts'
import type { Borrower } from './borrowers.ts'
import { markdownTable, median, type Server, settled, startServer } from './core.ts'
import { Connection, requestOf } from './crowd.ts'

type Parts = { databaseUrl: string; node: () => Promise<Server>; borrowers: Borrower[]; rounds: number }
type Arm = { served(): string[]; held(): string[]; release(): Promise<void> }
type Held = { releaseMs: number[]; kibEach: number }

/** Everybody holds a request on the same stream; one event releases them all; several rounds. */
export async function holdRounds({ databaseUrl, node, borrowers, rounds }: Parts): Promise<void> {
  const appender = await openAppender(databaseUrl)
  const postgres = new Client({ connectionString: databaseUrl })
  await postgres.connect()
  const stream = `loan:${borrowers[0]?.loanId}`
  const append = () => appender.append({ stream, type: 'loan.bench', data: {} })
  const { rows } = await postgres.query<{ epoch: string }>('SELECT epoch FROM log_epoch')
  const epoch = rows[0]?.epoch
  let seq = await append()
  const path = () => `/api/streams/${stream}?after=${epoch}.${seq}`
  const ours = await hold(await node(), rounds, {
    served: () => borrowers.map(({ headers }) => requestOf({ path: path(), headers, etag: undefined })),
    held: () =>
      borrowers.map(({ headers }) =>
        requestOf({ path: path(), headers, etag: undefined }, 'prefer: wait=25\r\n'),
      ),
    release: async () => {
      seq = await append()
    },
  })
  const bare = await startServer(`${import.meta.dirname}/arms/holding.ts`, await freePort())
  const floor = await hold(bare, rounds, {
    served: () => borrowers.map(({ headers }) => requestOf({ path: '/healthz', headers, etag: undefined })),
    held: () => borrowers.map(({ headers }) => requestOf({ path: '/held', headers, etag: undefined })),
    release: async () => void (await fetch(`http://127.0.0.1:${bare.port}/release`)),
  })
  await Promise.all([postgres.end(), appender.close()])
  console.log(`\n${borrowers.length} held requests, released by one event, ${rounds} rounds\n`)
  console.log(
    markdownTable(
      ['arm', 'all released in (median)', 'worst', 'resident per held request'],
      Object.entries({ wireside: ours, 'bare Fastify that holds': floor }).map(
        ([arm, { releaseMs, kibEach }]) => [
          arm,
          `${Math.round(median(releaseMs))} ms`,
          `${Math.round(Math.max(...releaseMs))} ms`,
          `${kibEach.toFixed(1)} KiB`,
        ],
      ),
    ),
  )
  console.log(
    `\nMemory: ${(ours.kibEach / floor.kibEach).toFixed(2)} × the bare one (goal ≤ 1.1; release ≤ 300 ms)`,
  )
}

/** Memory is counted from a server that has served everybody once, on few connections: warm, and empty. */
async function hold(server: Server, rounds: number, arm: Arm): Promise<Held> {
  await serveOnce(server.port, arm.served())
  const empty = server.usage().residentBytes
  const connections = await connect(server.port, arm.held().length)
  const releaseMs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const answers = ask(connections, arm.held())
    await settled(server)
    const releasedAt = performance.now()
    await arm.release()
    const statuses = await answers
    releaseMs.push(performance.now() - releasedAt)
    if (statuses.some(({ status }) => status !== 200)) throw new Error('Not everybody was answered 200')
  }
  const last = ask(connections, arm.held())
  await settled(server)
  const kibEach = (server.usage().residentBytes - empty) / 1_024 / connections.length
  await arm.release()
  await last
  for (const connection of connections) connection.close()
  await server.stop()
  return { releaseMs, kibEach }
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
