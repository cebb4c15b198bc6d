import pg from 'pg'

/**
 * Takes NOTIFY from the statements and triggers of a database: whoever connects from now on calls a `pg_notify` that
 * does nothing.
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

/** The payloads that `work` sends on a channel, up to a fence that is sent after it and must arrive. */
export async function notifiedBy(
  url: string,
  channel: string,
  work: () => Promise<unknown>,
): Promise<string[]> {
  return onDatabase(url, async (client) => {
    const heard: string[] = []
    const fence = new Promise<void>((resolve) => {
      // Of all channels Postgres delivers in the order of the commits.
      client.on('notification', (told) =>
        told.channel === 'fence' ? resolve() : heard.push(told.payload ?? ''),
      )
    })
    await client.query(`LISTEN ${channel}; LISTEN fence`)
    await work()
    await client.query('NOTIFY fence')
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
