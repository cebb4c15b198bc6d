/**
 * The polled server of all modes but the last: a first, second and third version as one would write them, in plain
 * Node, `pg`, and Redis. It checks no session, which is to its advantage.
 */
import { createServer, type IncomingMessage } from 'node:http'
import pg from 'pg'
import { startRedis } from '#server/engines/redis.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import type { ServedMode } from './story-server.ts'

const [databaseUrl = '', port = '', stream = '', redisPort] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
let mode: ServedMode = 'naive'
let headTag = ''

const tagOf = (cursor: string) => `"${cursor}"`
const cursorOf = (seq: number | string) => `story.${seq}`

/** One query per poll. */
async function ask(after: string): Promise<WirePage> {
  if (after === 'now') {
    const { rows } = await pool.query<{ seq: string }>({
      name: 'head',
      text: 'SELECT coalesce(max(seq), 0) AS seq FROM log_entry WHERE stream = $1',
      values: [stream],
    })
    const next = cursorOf(rows[0]?.seq ?? 0)
    return { entries: [], next, head: next, more: false }
  }
  const seq = Number(after.slice(after.indexOf('.') + 1))
  const { rows } = await pool.query<{ seq: string; type: string; at: Date; data: unknown }>({
    name: 'after',
    text: 'SELECT seq, type, at, data FROM log_entry WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT 300',
    values: [stream, seq],
  })
  const next = cursorOf(rows.at(-1)?.seq ?? seq)
  return {
    entries: rows.map((row) => ({ ...row, seq: Number(row.seq), at: row.at.toISOString() })),
    ...{ next, head: next, more: rows.length === 300 },
  }
}

type Answer = { etag: string; body?: string }

const headKey = 'head'
const pageSeconds = 600

/**
 * One command per poll, and two or three when there is something new: the page between a cursor and a head is read from
 * Postgres once and never changes.
 */
async function askRedis(redis: Redis, known: string | undefined, after: string): Promise<Answer> {
  const head = (await redis.get(headKey)) ?? cursorOf(0)
  if (known === tagOf(head)) return { etag: known }
  const key = `page:${after}:${head}`
  let body = await redis.get(key)
  if (body === null) {
    body = JSON.stringify(await ask(after))
    await redis.set(key, body, { EX: pageSeconds })
  }
  return { etag: tagOf((JSON.parse(body) as WirePage).next), body }
}

async function answer({ url = '', headers }: IncomingMessage): Promise<Answer> {
  const known = headers['if-none-match']
  // The tag in memory shows without a query whether anything is new. What is new is still queried for every client.
  if (mode === 'cached' && known === headTag) return { etag: headTag }
  const after = new URL(url, 'http://story').searchParams.get('after') ?? 'now'
  if (mode === 'redis' && redis) return askRedis(redis, known, after)
  const page = await ask(after)
  const etag = tagOf(page.next)
  // A tag made from the response saves bytes, but no query.
  return known === etag ? { etag } : { etag, body: JSON.stringify(page) }
}

type Redis = Awaited<ReturnType<typeof openRedis>>

async function openRedis(port: number) {
  const { url } = await startRedis({ port })
  const { createClient } = await import('@redis/client')
  return createClient({ url })
    .on('error', () => undefined)
    .connect()
}

const redis = redisPort === undefined ? undefined : await openRedis(Number(redisPort))

async function moved(cursor: string) {
  headTag = tagOf(cursor)
  await redis?.set(headKey, cursor)
}

const listener = new pg.Client({ connectionString: databaseUrl })
await listener.connect()
listener.on('notification', ({ payload = '' }) => void moved(cursorOf(payload)))
await listener.query(`
  CREATE FUNCTION story_moved() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('story_moved', NEW.seq::text); RETURN NULL; END $$;
  CREATE TRIGGER story_moved AFTER INSERT ON log_entry FOR EACH ROW
    WHEN (NEW.stream = ${listener.escapeLiteral(stream)}) EXECUTE FUNCTION story_moved();
  LISTEN story_moved`)
await moved((await ask('now')).next)

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  answer(request).then(
    ({ etag, body }) => {
      if (body === undefined) return response.writeHead(304, { etag }).end()
      const length = Buffer.byteLength(body)
      return response
        .writeHead(200, { etag, 'content-type': 'application/json', 'content-length': length })
        .end(body)
    },
    () => response.writeHead(503, { 'content-length': 0 }).end(),
  )
})
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4_096 }, () => console.log('ready'))

process.on('message', (next: ServedMode) => {
  mode = next
})
for (const end of ['disconnect', 'SIGTERM'] as const) process.on(end, () => process.exit())
