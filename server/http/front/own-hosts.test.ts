import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawExchange } from '#server/testing/raw-exchange.ts'
import { refusedUpgrade } from '#server/testing/raw-socket.ts'
import { rawStream } from '#server/testing/raw-stream.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { ownHosts } from './own-hosts.ts'

const app = await fileApp({
  BASE_URL: 'https://wireside.example:8443',
  TRUSTED_ORIGINS: 'https://friend.example,http://[2001:db8::1]:8080,http://192.168.1.5',
})
const { port } = app

const ours = [
  'wireside.example:8443',
  'wireside.example',
  'WireSide.Example:1',
  'wireside.example.',
  'friend.example',
  '192.168.1.5:3000',
  '[2001:db8::1]',
  '[2001:DB8::1]:8080',
  'localhost',
  'LOCALHOST:3000',
  'localhost.:3000',
  'localhost:',
  '127.0.0.1',
  '127.0.0.1:9',
  '127.255.255.254:9',
  '[::1]',
  '[::1]:3000',
  '[0:0:0:0:0:0:0:1]:3000',
  '[::ffff:127.0.0.1]',
]
const foreign = [
  'evil.example',
  'evil.example:3000',
  'wireside.example.evil.example',
  'evil-wireside.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'localhost..',
  'x.localhost',
  'user@localhost',
  'localhost@evil.example',
  'localhost/',
  'localhost,evil.example',
  'localhost evil.example',
  'localhost:3000:3000',
  'localhost:x',
  'localhost:123456',
  'localhost#',
  'localhost%00',
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.0.0.256',
  '0.0.0.0',
  '192.168.1.6',
  '::1',
  '[::1',
  '[127.0.0.1]',
  '[::]',
  '[::1%25lo]',
  '',
]

test('H1 A request names a host of BASE_URL or TRUSTED_ORIGINS, localhost or a loopback address.', async () => {
  for (const host of ours) assert.equal((await asked(host, '/api/streams/pulse')).status, 200, host)
  for (const host of foreign) {
    const answer = await asked(host, '/api/streams/pulse')
    const problem = await expectProblem(new Response(answer.body, answer), 400, 'bad-request')
    assert.match(problem.detail ?? '', /BASE_URL or TRUSTED_ORIGINS/)
    assert.equal(problem.instance, '/api/streams/pulse')
  }
})

test('H1 A host of BASE_URL may have its dot at the end, too.', () => {
  const isOwnHost = ownHosts({ TRUSTED_ORIGINS: ['https://wireside.example.'] })
  for (const host of ['wireside.example', 'wireside.example.:8443']) assert.ok(isOwnHost(host), host)
})

test('H1 By a name that was made to lead here, no page reads anything.', async () => {
  const { cookie } = await signedInPerson(app)
  for (const path of [
    '/metrics',
    '/api/lab/runs',
    '/api/streams/lab:x',
    '/api/loans',
    '/api/openapi.json',
    '/api/nothing',
    '/socket.io/?EIO=4&transport=websocket',
  ]) {
    const answer = await asked('evil.example', path, [`Cookie: ${cookie}`, 'X-Forwarded-Host: localhost'])
    await expectProblem(new Response(answer.body, answer), 400, 'bad-request')
  }
  const page = await asked('evil.example', '/loans')
  assert.equal(page.status, 400)
  assert.match(page.headers.get('content-type') ?? '', /^text\/html/)
  assert.match(page.body, /BASE_URL or TRUSTED_ORIGINS/)
})

test('H1 Nor an event stream, as the first request of a connection or later on one.', async () => {
  for (const opening of ['fresh', 'kept'] as const) {
    const foreign = await rawStream(port, '/api/streams/pulse', [], { opening, host: 'evil.example' })
    assert.equal(foreign.status(), 400)
    await foreign.ended()
    const own = await rawStream(port, '/api/streams/pulse', [], { opening, host: '[::1]:80' })
    assert.equal(own.status(), 200)
    own.socket.destroy()
  }
})

test('H1 Nor is a WebSocket opened.', async () => {
  const { cookie } = await signedInPerson(app)
  const refused = await refusedUpgrade(port, { cookie, headers: { host: 'evil.example' } })
  assert.equal(refused.status, 400)
  assert.match(await refused.text(), /BASE_URL or TRUSTED_ORIGINS/)
})

test('H1 What unchanged polls are answered from memory is not told to another host either.', async () => {
  const person = await signedInPerson(app)
  const created = await person.create('/api/loans', {
    ...{ amountMinor: 1_000_00, currency: 'EUR', purpose: 'a heat pump', termMonths: 12 },
  })
  const path = created.headers.get('location') ?? ''
  const tag = (await person.get(path)).headers.get('etag') ?? ''
  const lines = [`Cookie: ${person.cookie}`, `If-None-Match: ${tag}`]
  assert.equal((await asked('evil.example', path, lines)).status, 400)
})

test('H2 Who asks whether it lives may call it by any name.', async () => {
  for (const path of ['/healthz', '/readyz', '/healthz?x=1']) {
    assert.equal((await asked('10.2.3.4:3000', path)).status, 200)
  }
  for (const path of ['/healthzz', '/healthz/x', '/readyz/../metrics']) {
    assert.equal((await asked('10.2.3.4:3000', path)).status, 400)
  }
})

test('What strangers send is not remembered without end.', () => {
  const isOwn = ownHosts({ TRUSTED_ORIGINS: [] })
  for (let n = 0; n < 100_000; n += 1) {
    assert.ok(isOwn(`127.0.${n % 250}.${n % 251}:${n % 60_000}`))
    assert.ok(!isOwn(`${n}.example`))
  }
})

test('A host of any length is judged at once.', () => {
  const isOwn = ownHosts({ TRUSTED_ORIGINS: ['http://localhost'] })
  for (const part of ['a', '.', ':', '1', '[', '-', '[:', 'a.', '1:']) {
    const startedAt = performance.now()
    assert.ok(!isOwn(part.repeat(100_000)))
    assert.ok(performance.now() - startedAt < 100, part)
  }
})

function asked(host: string, path: string, lines: string[] = []) {
  return rawExchange(
    port,
    [`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close', ...lines, '', ''].join('\r\n'),
  )
}
