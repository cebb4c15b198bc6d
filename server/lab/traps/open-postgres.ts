import { Client } from 'pg'
import { startCluster } from '#server/database/embedded/cluster.ts'

export type Postgres = AsyncDisposable & { connect(): Promise<Client> }

/** A Postgres of the trap's own, gone with everything in it when it is disposed of. */
export async function openPostgres(): Promise<Postgres> {
  const cluster = await startCluster()
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
