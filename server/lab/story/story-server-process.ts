/**
 * The polled server of the first two modes, as a first and a second version of it are written: plain Node and `pg`.
 * It asks for no session, in its own favour.
 */
import { createServer, type IncomingMessage } from 'node:http'
import pg from 'pg'
import type { WirePage } from '#server/protocol/streams.ts'
import type { ServedMode } from './story-server.ts'

const [databaseUrl = '', port = '', stream = ''] = process.argv.slice(2)
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 })
let mode: ServedMode = 'naive'
let headTag = ''

const tagOf = (cursor: string) => `"${cursor}"`
const cursorOf = (seq: number | string) => `story.${seq}`

/** One query a poll. */
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

async function answer({ url = '', headers }: IncomingMessage): Promise<Answer> {
  const known = headers['if-none-match']
  // The tag in memory says whether anything is new without a query. What is new is still asked for by everybody.
  if (mode === 'cached' && known === headTag) return { etag: headTag }
  const page = await ask(new URL(url, 'http://story').searchParams.get('after') ?? 'now')
  const etag = tagOf(page.next)
  // A tag made from the answer saves bytes, and no query.
  return known === etag ? { etag } : { etag, body: JSON.stringify(page) }
}

const listener = new pg.Client({ connectionString: databaseUrl })
await listener.connect()
listener.on('notification', ({ payload = '' }) => {
  const gap = payload.lastIndexOf(' ')
  if (payload.slice(0, gap) === stream) headTag = tagOf(cursorOf(payload.slice(gap + 1)))
})
await listener.query('LISTEN wireside_log')
headTag = tagOf((await ask('now')).next)

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
process.on('disconnect', () => process.exit())
