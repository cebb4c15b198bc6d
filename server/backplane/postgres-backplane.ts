import { Pool } from '#server/database/client.ts'
import type { Listener } from '#server/database/listener.ts'
import type { Backplane } from './backplane.ts'
import { createOutbox } from './outbox.ts'
import { createPacker, createUnpacker } from './postgres-payloads.ts'
import { createSubscriptions } from './subscriptions.ts'

export const postgresChannel = 'wireside_backplane'
const patienceMs = 1_000

/**
 * The backplane without another engine: NOTIFY to every process of the database, each of which picks what it wants.
 *
 * It uses a connection of its own, with one statement in flight at a time, and never a caller's transaction: a commit
 * that notifies takes a lock on the whole database, and with a synchronous commit holds it until the WAL is flushed.
 */
export function createPostgresBackplane(url: string, listener: Listener): Backplane {
  const node = crypto.randomUUID().slice(0, 8)
  const pack = createPacker(node)
  const unpack = createUnpacker(node)
  const subscriptions = createSubscriptions()
  const pool = new Pool({
    connectionString: url,
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: patienceMs,
    silentMs: patienceMs,
    limits: { lockMs: patienceMs, statementMs: patienceMs },
  })
  const outbox = createOutbox((messages) => pool.query(notifyStatement, [postgresChannel, pack(messages)]))
  let received = 0

  listener.on(postgresChannel, (payload) => {
    for (const [to, text] of unpack(payload)) {
      received += 1
      subscriptions.deliver(to, text)
    }
  })

  return {
    begin: () => undefined,
    publish: outbox.add,
    sent: outbox.sent,
    subscribe: async (to, onMessage) => subscriptions.add(to, onMessage),
    onReconnect: listener.onConnect,
    isConnected: listener.isConnected,
    doubt: listener.doubt,
    counts: () => ({ published: outbox.published(), received }),
    async close() {
      await outbox.close()
      await pool.shut()
    },
  }
}

// Without synchronous commit, the database-wide notification lock is not held while waiting for the disk. A wake-up may
// be lost.
const notifyStatement = `
  SELECT pg_notify($1, payload) FROM set_config('synchronous_commit', 'off', true), unnest($2::text[]) AS payload`
