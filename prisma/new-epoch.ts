import { join, resolve } from 'node:path'
import { connectClient } from '#server/database/client.ts'
import { startEmbedded } from '#server/database/embedded.ts'
import { readEnv } from '#server/env.ts'

/**
 * `npm run new-epoch`, after a restore from a backup: turns every cursor given out before into a reset, because its
 * entries may no longer exist. Running nodes notice, and drop what they have in memory.
 */
const { DATABASE_URL } = readEnv()
const stateDir = join(resolve(import.meta.dirname, '..'), '.wireside')
const embedded = DATABASE_URL === undefined ? await startEmbedded({ stateDir }) : undefined
try {
  console.log(`The epoch is now ${await renew(DATABASE_URL ?? embedded?.url ?? '')}`)
} finally {
  await embedded?.stop()
}

async function renew(databaseUrl: string): Promise<string> {
  const client = await connectClient(databaseUrl, 'wireside new epoch')
  try {
    // One transaction: a relay that sees the new epoch must not take old entries for new ones.
    await client.query('BEGIN')
    const letters = Array.from(crypto.getRandomValues(new Uint32Array(6)), (n) => (n % 36).toString(36))
    await client.query('UPDATE log_epoch SET epoch = $1', [letters.join('')])
    // Clear whatever is ordered by transaction ids: a restored cluster may hand out the same ids again.
    await client.query('UPDATE log_entry SET rewritten = NULL WHERE rewritten IS NOT NULL')
    await client.query('UPDATE latest_prices SET term = 0')
    await client.query('DELETE FROM relay_position')
    const toCome = 'xid >= pg_snapshot_xmax(pg_current_snapshot())'
    await client.query(`UPDATE log_entry SET xid = pg_current_xact_id() WHERE ${toCome}`)
    await client.query(`DELETE FROM session_end WHERE ${toCome}`)
    await client.query('COMMIT')
    return letters.join('')
  } finally {
    await client.end()
  }
}
