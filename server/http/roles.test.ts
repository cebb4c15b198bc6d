import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, ownKafka } from '#server/testing/kafka.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawSocket, refusedUpgrade } from '#server/testing/raw-socket.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const roles = ['web', 'gateway', 'worker', 'prices', 'relay']

test('RO1 RO2 A web serves the verbs and a gateway the streams and sockets; the other finds nothing there.', async (t) => {
  const { url } = await testDatabase(t)
  const [web, gateway] = await Promise.all(['web', 'gateway'].map((ROLES) => appOn(t, url, { ROLES })))
  assert.ok(web && gateway)
  const person = await signedInPerson({ port: web.port, databaseUrl: url })
  const atGateway = person.via(gateway.port)
  const loan = await person.create('/api/loans', application)
  assert.equal(loan.status, 201)
  const { id } = (await loan.json()) as { id: string }
  const tag = (await person.get(`/api/loans/${id}`)).headers.get('etag') ?? ''

  const deliveries: Record<string, string>[] = [{}, { prefer: 'wait=1' }, { accept: 'text/event-stream' }]
  for (const headers of deliveries) {
    await expectProblem(await person.get('/api/streams/me', headers), 404, 'not-found')
    const answer = await atGateway.get('/api/streams/me', headers)
    assert.ok(answer.ok, `${answer.status}`)
    await answer.body?.cancel()
  }
  assert.equal((await refusedUpgrade(web.port, person)).status, 404)
  ;(await rawSocket(gateway.port, person)).close()

  // The loan's state is in the gateway's memory now, and it still must not serve any request for a loan.
  await (await atGateway.get(`/api/streams/loan:${id}`)).bytes()
  const refused = [
    atGateway.create('/api/loans', application),
    atGateway.get(`/api/loans/${id}`, { 'if-none-match': tag }),
    atGateway.get(`/api/loans/${id}`, { 'x-viewer': 'somebody else' }),
    atGateway.send('DELETE', '/api/loans'),
    atGateway.get('/api/openapi.json'),
    atGateway.get('/loans'),
  ]
  for (const answer of await Promise.all(refused)) await expectProblem(answer, 404, 'not-found')
  const { paths } = (await (await person.get('/api/openapi.json')).json()) as { paths: object }
  assert.ok('/api/streams/{name}' in paths)
})

test('RO3 Every process answers for its health, whatever its roles; one without web or gateway has nothing else.', async (t) => {
  const { url } = await testDatabase(t)
  for (const ROLES of roles) {
    const { port } = await appOn(t, url, { ROLES })
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      // It is ready once it listens to the database, a moment after the port is open.
      await eventually(async () => {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`)
        await answer.bytes()
        return answer.ok
      })
    }
    if (ROLES === 'web' || ROLES === 'gateway') continue
    for (const path of ['/', '/api/streams/pulse', '/api/loans', '/api/auth/get-session']) {
      await expectProblem(await fetch(`http://127.0.0.1:${port}${path}`), 404, 'not-found')
    }
    assert.equal((await refusedUpgrade(port)).status, 404)
  }
})

test('RO4 Runs of the lab start where one process has all roles, and are read elsewhere too.', async (t) => {
  const { url } = await testDatabase(t)
  const mayRun = async (settings: Record<string, string>) => {
    const { port } = await appOn(t, url, { DEMO: 'on', ...settings })
    return ((await (await fetch(`http://127.0.0.1:${port}/api/lab/runs`)).json()) as { mayRun: boolean })
      .mayRun
  }
  assert.equal(await mayRun({}), true)
  assert.equal(await mayRun({ ROLES: roles.join(',') }), true)
  assert.equal(await mayRun({ ROLES: 'web,gateway' }), false)
})

test('RO6 A gateway that is cut off from Postgres is not ready, and says so; one that is cut off from Redis is, and tells.', {
  skip: noRedis,
}, async (t) => {
  const redis = await testRedis(t)
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(() => line.close())
  const through = Object.assign(new URL(url), { port: String(line.port) }).href
  const { port } = await appOn(t, through, { ROLES: 'gateway', REDIS_URL: redis.url, LOG_CHECK_MS: '50' })
  const ready = () => fetch(`http://127.0.0.1:${port}/readyz`)
  const status = async () => (await ready()).json()
  const engines = { redis: 'connected' }
  await eventually(async () =>
    isDeepStrictEqual(await status(), { ok: true, roles: ['gateway'], leads: [], engines }),
  )

  await redis.kill()
  const away = { ok: true, roles: ['gateway'], leads: [], engines: { redis: 'away' } }
  await eventually(async () => isDeepStrictEqual(await status(), away))
  line.refuse()
  line.cut()
  await eventually(async () => (await ready()).status === 503)
  await expectProblem(await ready(), 503, 'unavailable')
})

test('RO6 Whatever its roles, a process says whether Kafka answers it.', {
  skip: kafkaMissing ?? false,
}, async (t) => {
  const broker = await ownKafka(t)
  const { url } = await testDatabase(t)
  const apps = await Promise.all(
    ['web', 'worker', 'prices', 'relay', 'gateway'].map((ROLES) =>
      appOn(t, url, { ...broker.settings, ROLES }),
    ),
  )
  const all = (kafka: string) =>
    eventually(() => apps.every(({ context }) => isDeepStrictEqual(context.status().engines, { kafka })))
  await all('connected')
  broker.freeze()
  await all('away')
  broker.thaw()
  await all('connected')
})

test('RO7 The pulse goes on elsewhere with a reset, for each gateway has its own.', async (t) => {
  const { url } = await testDatabase(t)
  const [one, other] = await Promise.all([1, 2].map(() => appOn(t, url, { ROLES: 'gateway' })))
  assert.ok(one && other)
  const poll = (port: number, after: string) =>
    fetch(`http://127.0.0.1:${port}/api/streams/pulse?after=${after}`)
  const { next } = (await (await poll(one.port, 'now')).json()) as { next: string }
  assert.equal((await poll(one.port, next)).status, 200)
  const { reason } = await expectProblem(await poll(other.port, next), 410, 'stream-reset')
  assert.equal(reason, 'epoch')
})
