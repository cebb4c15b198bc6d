import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
import { startCluster } from '#server/database/embedded/cluster.ts'
import type { TrapReport } from '#server/protocol/lab-report.ts'

/** Called with the port at which a page of this machine may run the trap itself. */
export type OpenDoor = (port: number) => void

/**
 * A common pitfall in two arms that are both really run: one that is caught by it, and one that avoids it. With `open`,
 * a trap that needs a browser waits a moment for one; without, a program runs it.
 */
export type Trap = {
  /** What is missing on this machine, as a sentence. */
  missing?: string | undefined
  run(signal: AbortSignal, open?: OpenDoor): Promise<TrapReport>
}

type Served = AsyncDisposable & { port: number; url: string; server: Server }

/** Serves on a free loopback port; disposing of it cuts open connections. */
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

/** A Postgres for the trap alone, deleted when disposed of. It does not wait for the disk, unless `settings` say so. */
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
