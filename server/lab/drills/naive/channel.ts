import pg from 'pg'

/** Where the naive server hears of entries. */
export const naiveChannel = 'naive'

/** Lets Postgres notify with each entry of `stream`, whole, as it is written. Such a payload is bounded at 8,000 bytes. */
export async function notifyWithEntries(databaseUrl: string, stream: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query(`
      CREATE FUNCTION tell_the_naive() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_notify('${naiveChannel}', json_build_object(
          'seq', NEW.seq, 'type', NEW.type, 'at', NEW.at, 'data', NEW.data)::text);
        RETURN NULL;
      END $$;
      CREATE TRIGGER tell_the_naive AFTER INSERT ON log_entry FOR EACH ROW
        WHEN (NEW.stream = ${client.escapeLiteral(stream)}) EXECUTE FUNCTION tell_the_naive();`)
  } finally {
    await client.end()
  }
}
