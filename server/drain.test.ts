import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import pg from 'pg'
import type { WireLoan } from '#server/protocol.ts'
import { childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const drainMs = 6_000
const settings = { DRAIN_MS: String(drainMs), STAGE_MS: '3600000' }

test('SIGTERM answers what is held, finishes what runs, lets nobody ask on, and exits 0.', async (t) => {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, settings)
  const person = await signedInPerson(app)
  const loan = (await (await person.create('/api/loans', application)).json()) as WireLoan
  const path = `/api/loans/${loan.id}`
  const tag = (await person.get(path)).headers.get('etag') ?? ''
  const held = [
    person.get(path, { prefer: 'wait=25', 'if-none-match': tag }),
    person.get(`/api/streams/loan:${loan.id}?after=${loan.cursor}`, { prefer: 'wait=25' }),
    person.get('/api/streams/me?after=now', { prefer: 'wait=25' }),
  ]
  const nagging = nag(app.port)
  await nagging.answered()
  await eventually(async () => (await heldBy(app.port)) === held.length)

  // This one has sent half its body when the signal comes.
  const late = connect(app.port, '127.0.0.1')
  const body = JSON.stringify(application)
  let heard = ''
  late.on('data', (chunk) => {
    heard += chunk
  })
  late.write(
    `POST /api/loans HTTP/1.1\r\nHost: x\r\nCookie: ${person.cookie}\r\nIdempotency-Key: late\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
  )
  await eventually(async () => (await connectionsOf(app.port)) > held.length)

  const startedMs = performance.now()
  const ended = app.end('SIGTERM')
  const [polled, ...followed] = await Promise.all(held)
  assert.equal(polled?.status, 304)
  for (const answer of followed) assert.equal(answer.status, 204)
  // What still comes over an open line is served; that the node drains is told there, too.
  late.write(`${body.slice(9)}GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n`)
  await once(late, 'end')
  late.destroy()
  assert.match(heard, /^HTTP\/1\.1 201 /)
  assert.match(heard, /HTTP\/1\.1 503 [\s\S]*retry-after: \d+[\s\S]*\/problems\/unavailable/)
  assert.match(heard, /connection: close\r\n[\s\S]*\/problems\/unavailable/i)

  assert.deepEqual(await ended, { code: 0, signal: null })
  assert.ok(performance.now() - startedMs < drainMs, 'Nobody had to be cut off')
  assert.equal(await nagging.refused(), 'ECONNREFUSED')
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  t.after(() => db.end())
  assert.equal((await db.query('SELECT FROM loan')).rowCount, 2)
})

test('SIGTERM while Postgres is away ends all the same, in time, with 0.', async (t) => {
  const cluster = await testCluster(t)
  const app = await childApp(t, cluster.url, { ...settings, STAGE_MS: '0' })
  const person = await signedInPerson({ port: app.port, databaseUrl: cluster.url })
  await person.create('/api/loans', application)
  const held = person.get('/api/streams/me?after=now', { prefer: 'wait=25' })
  await eventually(async () => (await heldBy(app.port)) === 1)
  await cluster.stop()
  await eventually(async () => (await fetch(`http://127.0.0.1:${app.port}/readyz`)).status === 503)
  const startedMs = performance.now()
  assert.deepEqual(await app.end('SIGTERM'), { code: 0, signal: null })
  assert.ok(performance.now() - startedMs < drainMs + 2_000)
  assert.ok([204, 503].includes((await held).status))
  await cluster.start()
})

/** A client that asks again on the same line as soon as it was answered, for ever. */
function nag(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let answers = 0
  const refused = new Promise<string | undefined>((resolve) => {
    const ask = () => {
      request({ port, host: '127.0.0.1', path: '/healthz', agent }, (answer) => {
        answer.resume().once('end', () => {
          answers += 1
          ask()
        })
      })
        .once('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'ECONNREFUSED') resolve(error.code)
          else ask()
        })
        .end()
    }
    ask()
  })
  return { answered: () => eventually(() => answers > 0), refused: () => refused }
}

async function metric(port: number, pattern: RegExp): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(pattern.exec(text)?.[1])
}

const heldBy = (port: number) => metric(port, /^wireside_waiters\{delivery="long-poll"\} (\d+)$/m)
const connectionsOf = (port: number) => metric(port, /^wireside_http_connections (\d+)$/m)
