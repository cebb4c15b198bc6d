import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as httpRequest, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { type Problem, slugOf } from '#server/protocol/problems.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Balancer, startBalancer, type Tuning } from './balancer.ts'

const skip = haproxyPath ? false : 'there is no haproxy on this machine (Debian: haproxy)'

test('LB1 Streams and sockets go to gateways, everything else to webs.', { skip }, async (t) => {
  const [gateway, web] = [await standIn(t, 'gateway'), await standIn(t, 'web')]
  const { url } = await balancer(t, { gateways: [gateway], webs: [web] })
  for (const path of ['/api/streams', '/api/streams/me?after=now', '/socket.io/?EIO=4']) {
    assert.equal(await textAt(url + path), 'gateway', path)
  }
  for (const path of ['/', '/api/loans', '/api/streamsx', '/x/api/streams', '/socket.iox']) {
    assert.equal(await textAt(url + path), 'web', path)
  }
})

test('LB4 Of what a client says of its own address the nodes see nothing.', { skip }, async (t) => {
  const web = await listen(t, ({ rawHeaders }, response) => response.end(JSON.stringify(rawHeaders)))
  const { url } = await balancer(t, { webs: [web] })
  const forged = {
    'x-forwarded-for': '10.1.1.1',
    'x-forwarded-host': 'evil.example',
    'x-real-ip': '10.1.1.1',
  }
  const sent = { ...forged, forwarded: 'for=10.1.1.1', 'x-forwarded-proto': 'https' }
  const seen: string[] = JSON.parse(await textAt(url, sent))
  const fields = Object.fromEntries(
    seen.flatMap((name, at) => (at % 2 ? [] : [[name.toLowerCase(), seen[at + 1]]])),
  )
  assert.deepEqual(
    Object.entries(fields).filter(([name]) => /forwarded|real-ip/.test(name)),
    [['x-forwarded-for', '127.0.0.1']],
  )
})

test('LB2 A server that is not ready gets nothing, unless none is: then it still has its say.', {
  skip,
}, async (t) => {
  let isReady = true
  const first = await standIn(t, 'first', () => isReady)
  const second = await standIn(t, 'second')
  const { url, route } = await balancer(t, { webs: [first, second] })
  isReady = false
  await eventually(async () => (await textsAt(url)) === 'second')
  await route('webs', 'web-2', undefined)
  await eventually(async () => (await textsAt(url)) === 'first')
})

test('A server that comes later is found, also by a balancer that was killed; one that leaves is forgotten.', {
  skip,
}, async (t) => {
  const { url, route, kill, start } = await balancer(t, {})
  await expectProblem(await fetch(url), 503, 'unavailable')
  await route('webs', 'web-7', await standIn(t, 'late'))
  assert.equal(await textAt(url), 'late')
  await kill()
  await start()
  assert.equal(await textAt(url), 'late')
  await route('webs', 'web-7', undefined)
  await expectProblem(await fetch(url), 503, 'unavailable')
})

test('LB3 Only a request that reached no server is sent again.', { skip }, async (t) => {
  let asked = 0
  const breaking = await listen(t, ({ socket, url }, response) => {
    if (url === '/readyz') return void response.end()
    asked += 1
    socket.destroy()
  })
  const broken = await balancer(t, { webs: [breaking] })
  await expectProblem(await fetch(broken.url, { method: 'POST', body: 'pay' }), 502, 'unavailable')
  assert.equal(asked, 1)

  const dead = await freePort()
  const halfDead = await balancer(t, { webs: [dead, await standIn(t, 'alive')] })
  const answers = await Promise.all(Array.from({ length: 8 }, () => textAt(halfDead.url)))
  assert.deepEqual(new Set(answers), new Set(['alive']))
})

test('LB5 What the balancer answers by itself is a problem document that says when to try again.', {
  skip,
}, async (t) => {
  const silent = createTcpServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.after(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const slow = await balancer(t, { webs: [port] }, { env: { SERVER_TIMEOUT: '300ms' } })
  const none = await balancer(t, {})
  for (const [url, status] of [
    [none.url, 503],
    [slow.url, 504],
  ] as const) {
    await expectProblem(await fetch(url), status, 'unavailable')
  }
})

test('LB4 An address may have so many connections and no more, whatever it says of itself.', {
  skip,
}, async (t) => {
  const tuning = { env: { CONNECTIONS_PER_ADDRESS: '3', CONNECTIONS_REFUSED: '5' } }
  const { url, port } = await balancer(t, { webs: [await standIn(t, 'web')] }, tuning)
  const held = Array.from({ length: 3 }, () => connect(port, '127.0.0.1'))
  await Promise.all(held.map((socket) => once(socket, 'connect')))
  // HAProxy has several threads: the last connection may be accepted before the others.
  const answer = await eventually(async () => {
    const asked = await fetch(url, { headers: { 'x-forwarded-for': '10.9.9.9', connection: 'close' } })
    return asked.status === 429 && asked
  })
  await expectProblem(answer, 429, 'too-many-connections')
  for (const socket of held) socket.destroy()
  await eventually(async () => (await fetch(url, { headers: { connection: 'close' } })).ok)
})

test('When a client leaves, the server of its request hears of it at once.', { skip }, async (t) => {
  const left = Promise.withResolvers<void>()
  const gateway = await listen(t, ({ url }, response) => {
    if (url === '/readyz') return void response.end()
    response.once('close', left.resolve)
    arrived.resolve()
  })
  const arrived = Promise.withResolvers<void>()
  const { port } = await balancer(t, { gateways: [gateway] })
  const poll = httpRequest({
    port,
    host: '127.0.0.1',
    path: '/api/streams/me',
    headers: { prefer: 'wait=20' },
  }).end()
  poll.on('error', () => undefined)
  await arrived.promise
  poll.destroy()
  await left.promise
})

/** HAProxy with our configuration in front of these ports. */
async function balancer(
  t: TestContext,
  { gateways = [], webs = [] }: { gateways?: number[]; webs?: number[] },
  tuning?: Tuning,
): Promise<Balancer & { url: string }> {
  const named = (kind: string, ports: number[]) =>
    new Map(ports.map((port, at) => [`${kind}-${at + 1}`, port]))
  const port = await freePort()
  const started = await startBalancer({
    ...{ host: '127.0.0.1', port, baseUrl: 'https://wireside.test', tuning },
    servers: { gateways: named('gateway', gateways), webs: named('web', webs) },
  })
  t.after(started.destroy)
  return { ...started, url: `http://127.0.0.1:${port}` }
}

/** A server in a node's place that responds with its name. */
function standIn(t: TestContext, name: string, isReady = () => true): Promise<number> {
  return listen(t, ({ url }, response) => {
    response.statusCode = url === '/readyz' && !isReady() ? 503 : 200
    response.end(name)
  })
}

async function listen(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** Expects a problem document made by the balancer itself. */
async function expectProblem(answer: Response, status: number, slug: string) {
  assert.equal(answer.status, status)
  assert.match(answer.headers.get('retry-after') ?? '', /^\d$/)
  assert.equal(answer.headers.get('content-type'), 'application/problem+json')
  assert.equal(answer.headers.get('cache-control'), 'no-store')
  const problem = (await answer.json()) as Problem
  assert.equal(problem.status, status)
  assert.equal(slugOf(problem), slug)
  assert.ok(problem.type.startsWith('https://wireside.test/problems/'))
  assert.ok(problem.title.length > 0)
}

async function textAt(url: string, headers: Record<string, string> = {}): Promise<string> {
  return (await fetch(url, { headers })).text()
}

/** The distinct responses to four concurrent requests. */
async function textsAt(url: string): Promise<string> {
  const texts = new Set(await Promise.all([textAt(url), textAt(url), textAt(url), textAt(url)]))
  return [...texts].join()
}
