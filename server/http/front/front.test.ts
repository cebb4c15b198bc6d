import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { readEnv } from '#server/env.ts'
import { rawExchange } from '#server/testing/raw-exchange.ts'
import { testApp } from '#server/testing/test-app.ts'
import { createFront, type Pages } from './front.ts'

test('The API is served before the pages, and everything else by them.', async (t) => {
  const { ask, served } = await front(t)
  const [api, pages] = [
    ['/api', '/api/', '/api/loans?x=1', '/api?x', '/healthz', '/readyz', '/metrics'],
    ['/', '/apis', '/API/loans', '/loans/api', '/healthz2', '/_next/static/x.js', '/%61pi/loans'],
  ]
  for (const path of api) assert.equal((await ask(path)).headers.get('x-by'), 'api', path)
  for (const path of pages) assert.equal((await ask(path)).headers.get('x-by'), 'pages', path)
  assert.equal(served.length, pages.length)
})

test('A page runs no script but its own: the policy’s nonce is new each time, and told to the renderer alone.', async (t) => {
  const { ask, served } = await front(t)
  const nonces = new Set<string>()
  const headers: Record<string, string>[] = [
    {},
    { 'x-nonce': 'mine', 'content-security-policy': "script-src 'nonce-mine'" },
  ]
  for (const forged of headers) {
    const answer = await ask('/', forged)
    const policy = answer.headers.get('content-security-policy') ?? ''
    const nonce = /script-src 'self' 'nonce-([A-Za-z0-9+/]{22}==)' 'strict-dynamic';/.exec(policy)?.[1]
    assert.ok(nonce, policy)
    nonces.add(nonce)
    const request = served.at(-1)
    assert.equal(request?.headers['x-nonce'], nonce)
    assert.equal(request?.headers['content-security-policy'], policy)
    assert.equal(answer.headers.get('x-nonce'), null)
    for (const part of [
      "default-src 'self'",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ]) {
      assert.ok(policy.includes(part), part)
    }
    assert.ok(!policy.includes('unsafe-eval'))
    assert.doesNotMatch(policy, /script-src[^;]*unsafe-inline/)
  }
  assert.equal(nonces.size, 2)
})

test('Pages say what browsers may do with them; only over https that they are to be asked for so.', async (t) => {
  const plain = await (await front(t)).ask('/')
  for (const [name, value] of Object.entries({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  })) {
    assert.equal(plain.headers.get(name), value)
  }
  assert.equal(plain.headers.get('strict-transport-security'), null)
  assert.doesNotMatch(plain.headers.get('content-security-policy') ?? '', /upgrade-insecure-requests/)
  const secure = await (await front(t, { BASE_URL: 'https://wireside.example' })).ask('/')
  assert.match(secure.headers.get('strict-transport-security') ?? '', /^max-age=\d{7,}/)
  assert.match(secure.headers.get('content-security-policy') ?? '', /upgrade-insecure-requests/)
  // On localhost the header would apply to all ports, and break an `npm start` without TLS on the next one.
  const local = await (await front(t, { BASE_URL: 'https://localhost:3000' })).ask('/')
  assert.equal(local.headers.get('strict-transport-security'), null)
})

test('Only in demo mode on this machine may a page go to other ports of it, where the lab’s lanes are.', async (t) => {
  const sourcesOf = async (settings: Record<string, string>) => {
    const policy = (await (await front(t, settings)).ask('/')).headers.get('content-security-policy')
    return /connect-src ([^;]*)/.exec(policy ?? '')?.[1]
  }
  assert.equal(
    await sourcesOf({ DEMO: 'on', BASE_URL: 'http://localhost:3000' }),
    "'self' http://localhost:* ws://localhost:* http://127.0.0.1:* ws://127.0.0.1:*",
  )
  assert.equal(await sourcesOf({ DEMO: 'off', BASE_URL: 'http://localhost:3000' }), "'self'")
  const publicly = { DEMO: 'on', DEMO_PUBLIC: 'on', BASE_URL: 'https://wireside.example' }
  assert.equal(await sourcesOf(publicly), "'self'")
})

test('What no page can be read from is 400 before it reaches the pages, and in words for a person.', async (t) => {
  const { ask, served } = await front(t)
  const unreadable = [
    ...[
      '/%E0%A4%A',
      '/loans/%',
      '/loans/%zz',
      '/loans/%ff',
      '/_next/static/%',
      '/_next/%C0%AF',
      '/problems/%',
    ],
    ...['/%00', '/loans/x%00y', '/_next/static/%00', `/${'x'.repeat(3_000)}`, `/${'x/'.repeat(1_500)}`],
    ...[
      '//evil.example/',
      '///evil.example',
      '//evil.example/loans/',
      '/\\evil.example/',
      '/\\/evil.example',
    ],
    '/loans/\\evil.example',
  ]
  for (const path of unreadable) {
    const answer = await ask(path)
    assert.equal(answer.status, 400, path)
    assert.match(answer.headers.get('content-type') ?? '', /^(text\/html|application\/problem\+json)/)
    assert.equal(answer.headers.get('location'), null)
  }
  assert.equal(served.length, 0)
  const readable = [
    '/loans/%E2%82%AC',
    '/loans/%25',
    '/?x=%E0%A4%A',
    '/%2F%2Fevil.example',
    '/a//b',
    '/x%5Cy',
  ]
  for (const path of readable) assert.equal((await ask(path)).headers.get('x-by'), 'pages', path)
})

test('Pages are read, and nothing else; the API says for itself what it allows.', async (t) => {
  const { ask, served } = await front(t)
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    const answer = await ask('/loans', { 'content-length': '0' }, method)
    assert.equal(answer.status, 405, method)
    assert.equal(answer.headers.get('allow'), 'GET, HEAD')
    assert.match(answer.body, /<h1>/)
    assert.equal((await ask('/api/loans', { 'content-length': '0' }, method)).headers.get('x-by'), 'api')
  }
  assert.equal(served.length, 0)
  assert.equal((await ask('/loans', {}, 'HEAD')).headers.get('x-by'), 'pages')
})

test('A page that fails ends its own request and nothing else.', async (t) => {
  const { ask } = await front(t)
  await assert.rejects(ask('/fails'))
  assert.equal((await ask('/')).status, 200)
})

test('An answer of the API can neither run nor be framed, nor be taken for something else.', async (t) => {
  const app = await testApp(t)
  for (const path of ['/api/streams/pulse', '/api/loans', '/api/nothing', '/healthz', '/api/openapi.json']) {
    const answer = await fetch(`http://127.0.0.1:${app.port}${path}`)
    assert.equal(answer.headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.match(answer.headers.get('content-type') ?? '', /^application\/(problem\+)?json/)
    assert.ok(answer.headers.get('x-request-id'))
    await answer.bytes()
  }
})

/** A front whose API and pages only identify themselves. */
async function front(t: TestContext, settings: Record<string, string> = {}) {
  const served: IncomingMessage[] = []
  const pages: Pages = {
    async handle(request, response) {
      served.push(request)
      if (request.url === '/fails') throw new Error('It fails')
      response.setHeader('x-by', 'pages').end()
    },
    upgrade: (_request, socket) => socket.destroy(),
  }
  const server: Server = createFront((_request, response) => response.setHeader('x-by', 'api').end(), {
    pages,
    env: readEnv({ NODE_ENV: 'test', ...settings }),
    dev: false,
    isDatabaseDown: () => false,
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  return {
    served,
    async ask(path: string, headers: Record<string, string> = {}, method = 'GET') {
      const lines = Object.entries({ host: 'localhost', connection: 'close', ...headers }).map((pair) =>
        pair.join(': '),
      )
      const answer = await rawExchange(port, `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      assert.ok(answer.status > 0, 'The line was cut')
      return answer
    },
  }
}
