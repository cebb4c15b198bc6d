import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
import { startCluster } from '#server/database/embedded/cluster.ts'
import type { TrapReport } from '#server/protocol/lab-report.ts'

/** Gets the port at which a page of this machine may walk into the trap itself. */
export type OpenDoor = (port: number) => void

/**
 * Something that many have walked into, in two arms that are both really run: one that falls in, and one that goes
 * round. With `open`, a trap that needs a browser waits a moment for one; without, it is shown by a program alone.
 */
export type Trap = {
  /** What this machine has not, in a sentence. */
  missing?: string | undefined
  run(signal: AbortSignal, open?: OpenDoor): Promise<TrapReport>
}

type Served = AsyncDisposable & { port: number; url: string; server: Server }

/** Serves on a free loopback port; when it is disposed of, what is open is cut. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...{ port, url: `http://127.0.0.1:${port}`, server },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

export type Postgres = AsyncDisposable & { connect(): Promise<Client> }

/** A Postgres of the trap's own, gone with everything in it when it is disposed of. It waits for no disk, unless told. */
export async function openPostgres(settings?: Record<string, string>): Promise<Postgres> {
  const cluster = await startCluster(settings)
  const clients: Client[] = []
  return {
    async connect() {
      const client = new Client({ connectionString: cluster.urlOf('postgres') })
      client.on('error', () => undefined)
      await client.connect()
      clients.push(client)
      return client
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)))
      await cluster.destroy()
    },
  }
}
