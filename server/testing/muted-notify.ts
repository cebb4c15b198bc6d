import pg from 'pg'

/** Disables NOTIFY in a database's statements and triggers: `pg_notify` does nothing from now on. */
export async function muteNotify(url: string): Promise<void> {
  await onDatabase(url, (client) =>
    client.query(`
      ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO pg_notify_of_old;
      CREATE FUNCTION public.pg_notify(text, text) RETURNS void LANGUAGE sql AS ''`),
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
      // Postgres delivers across channels in commit order.
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
