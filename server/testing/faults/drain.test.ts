import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import pg from 'pg'
import { startCluster } from '#server/database/embedded/cluster.ts'
import { freePort } from '#server/database/ports.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { childApp, spawnApp } from '#server/testing/child-app.ts'
import { compileCache } from '#server/testing/compile-cache.ts'
import { eventually } from '#server/testing/eventually.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { rawStream } from '#server/testing/raw-stream.ts'
import { createDatabase, testCluster } from '#server/testing/test-cluster.ts'
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

  // This request has sent half its body when the signal arrives.
  const late = connect(app.port, '127.0.0.1')
  const body = JSON.stringify(application)
  let heard = ''
  late.on('data', (chunk) => {
    heard += chunk
  })
  late.write(
    `POST /api/loans HTTP/1.1\r\nHost: localhost\r\nCookie: ${person.cookie}\r\nIdempotency-Key: late\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 9)}`,
  )
  await eventually(async () => (await connectionsOf(app.port)) > held.length)

  const startedMs = performance.now()
  const ended = app.end('SIGTERM')
  const [polled, ...followed] = await Promise.all(held)
  assert.equal(polled?.status, 304)
  for (const answer of followed) assert.equal(answer.status, 204)
  // Requests on an open connection are still served; readiness there reports the drain.
  late.write(`${body.slice(9)}GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n`)
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

test('D1 D2: SIGTERM is announced first: /readyz says 503, and everything else is served on, also what comes new.', async (t) => {
  const { url } = await testDatabase(t)
  const delayMs = 2_500
  const app = await childApp(t, url, { ...settings, DRAIN_DELAY_MS: String(delayMs) })
  const person = await signedInPerson(app)
  const open = await rawStream(app.port, '/api/streams/me', [`Cookie: ${person.cookie}`])
  await open.reach(1)
  const held = person.get('/api/streams/me?after=now', { prefer: 'wait=25' })
  await eventually(async () => (await heldBy(app.port)) === 1)
  assert.equal((await readiness(app.port)).status, 200)

  const startedMs = performance.now()
  const ended = app.end('SIGTERM')
  const announced = await eventually(async () => {
    const answer = await readiness(app.port)
    return answer.status === 503 && answer
  })
  assert.ok(announced.headers.get('retry-after'))
  assert.equal((await person.create('/api/loans', application)).status, 201)
  const late = await rawStream(app.port, '/api/streams/me', [`Cookie: ${person.cookie}`])
  assert.equal((await late.reach(1))[0]?.event, 'ready')
  assert.ok(performance.now() - startedMs < delayMs, 'all of this was before the port closed')
  assert.equal(await heldBy(app.port), 1)

  assert.equal((await held).status, 204)
  assert.ok(performance.now() - startedMs >= delayMs - 50)
  for (const stream of [open, late]) {
    await stream.ended()
    assert.equal(stream.frames.at(-1)?.event, 'bye')
  }
  assert.deepEqual(await ended, { code: 0, signal: null })
})

test('D3: a second signal ends the process at once; the same one that comes twice at once does not.', async (t) => {
  const { url } = await testDatabase(t)
  const app = await childApp(t, url, { ...settings, DRAIN_DELAY_MS: '60000' })
  const ended = app.end('SIGTERM')
  app.signal('SIGTERM')
  await eventually(async () => (await readiness(app.port)).status === 503)
  await eventually(async () => {
    app.signal('SIGTERM')
    return (await Promise.race([ended, 'still there'])) !== 'still there'
  })
  assert.deepEqual(await ended, { code: 143, signal: null })
})

test('D3: a process that is told to end while it starts ends at once, with 0.', async (t) => {
  const cluster = await startCluster()
  t.after(cluster.destroy)
  await createDatabase(cluster.urlOf('postgres'), 'wireside')
  const url = cluster.urlOf('wireside')
  // Migrating requires this lock, so the start waits for it.
  const holder = new pg.Client({ connectionString: url })
  await holder.connect()
  await holder.query('SELECT pg_advisory_lock(7305808869229587)')
  const child = spawnApp(url, { ...settings, PORT: String(await freePort()) })
  t.after(() => child.kill('SIGKILL'))
  await eventually(async () => (await holder.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount)
  child.kill('SIGTERM')
  assert.deepEqual(await once(child, 'exit'), [0, null])
  await holder.end()
})

test('D3: a Postgres that hangs keeps nobody: the process ends in time.', async (t) => {
  const cluster = await testCluster(t)
  const app = await childApp(t, cluster.url, { ...settings, DRAIN_MS: '500' })
  const person = await signedInPerson({ port: app.port, databaseUrl: cluster.url })
  await person.create('/api/loans', application)
  await cluster.freeze()
  await eventually(async () => (await readiness(app.port)).status === 503)
  const startedMs = performance.now()
  const { code } = await app.end('SIGTERM')
  assert.ok(performance.now() - startedMs < 500 + 5_000 + 2_000)
  // Either closed in time, or exited listing what was still open.
  if (code !== 0) assert.match(app.written(), /^Ended before it was closed: waited for .+; still open: .+$/m)
  assert.ok(code === 0 || code === 1)
})

test('D3: what the pages keep open of Postgres does not keep the process.', async (t) => {
  const { url } = await testDatabase(t)
  const script = `import { instrumentsNow } from '#server/pages.ts'; await instrumentsNow(); console.log('served')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...compileCache,
      NODE_ENV: 'test',
      PATH: process.env.PATH,
      DATABASE_URL: url,
      AUTH_SECRET: 'known to this test, and long enough',
    },
  })
  await once(child.stdout, 'data')
  const servedMs = performance.now()
  assert.deepEqual(await once(child, 'exit'), [0, null])
  assert.ok(performance.now() - servedMs < 10_000, 'an idle connection is kept for 30 s')
})

const readiness = (port: number) => fetch(`http://127.0.0.1:${port}/readyz`)

/** A client that forever sends its next request on the same connection as soon as it has a response. */
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
