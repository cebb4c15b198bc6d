import pg from 'pg'

/**
 * Takes NOTIFY from the statements and triggers of a database: whoever connects from now on calls a `pg_notify` that
 * does nothing. `heard` tells which payloads came through on a channel up to a fence that did.
 */
export async function muteNotify(url: string): Promise<void> {
  await onDatabase(url, (client) =>
    client.query(`
      CREATE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE sql AS '';
      DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
      END $$`),
  )
}

/** The payloads that `work` sends on a channel, up to a fence sent after it, which must arrive. */
export async function notifiedBy(
  url: string,
  channel: string,
  work: () => Promise<unknown>,
): Promise<string[]> {
  return onDatabase(url, async (client) => {
    const heard: string[] = []
    const fence = new Promise<void>((resolve) => {
      client.on('notification', ({ payload = '' }) => (payload === 'fence' ? resolve() : heard.push(payload)))
    })
    await client.query(`LISTEN ${channel}`)
    await work()
    await client.query(`NOTIFY ${channel}, 'fence'`)
    await fence
    return heard
  })
}

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
