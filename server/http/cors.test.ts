import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import { socketPath } from '#server/protocol/socket.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { rawExchange } from '#server/testing/raw-exchange.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const friend = 'https://friend.example:8443'
const app = await fileApp({ TRUSTED_ORIGINS: friend, STAGE_MS: '3600000' })
const person = await signedInPerson(app)
const own = `http://127.0.0.1:${app.port}`

const strangers = [
  'null',
  '',
  '*',
  'https://evil.example',
  'https://friend.example',
  'http://friend.example:8443',
  `${friend}.evil.example`,
  `https://evil.example/?${friend}`,
  `${friend}/`,
  friend.toUpperCase(),
  `${friend}, ${friend}`,
  `${friend} https://evil.example`,
]

/** One request for each kind of API response. */
const answers: [what: string, ask: (headers: Record<string, string>) => Promise<Response>, status: number][] =
  [
    ['a resource', (headers) => person.get('/api/loans', headers), 200],
    ['a create', (headers) => create(person, headers), 201],
    ['the session', (headers) => person.get('/api/auth/get-session', headers), 200],
    ['a page of a stream', (headers) => person.get('/api/streams/me', headers), 200],
    [
      'a wait that ends',
      (headers) => person.get('/api/streams/me?after=now', { ...headers, prefer: 'wait=0' }),
      204,
    ],
    ['a poll that changes nothing, the long way', (headers) => unchanged('?x=1', headers), 304],
    ['the same, before the router', (headers) => unchanged('', headers), 304],
    ['an event stream at the door', (headers) => opened('/api/streams/me', headers), 200],
    ['an event stream behind the parser', (headers) => opened('/api/streams/me?x=1', headers), 200],
    ['what is not there', (headers) => person.get('/api/nothing', headers), 404],
    ['a refused stream', (headers) => opened('/api/streams/loan:L-0000000000', headers), 404],
    ['a reset', (headers) => person.get('/api/streams/me?after=abcd.1', headers), 410],
    ['a body that is wrong', (headers) => person.send('POST', '/api/posts', {}, headers), 422],
    [
      'a body that is no JSON',
      (headers) => person.send('POST', '/api/posts', '{', { ...headers, 'content-type': 'application/json' }),
      400,
    ],
    ['a path that is none', (headers) => person.get('/api/loans/%zz', headers), 400],
    ['another method', (headers) => person.send('DELETE', '/api/posts', undefined, headers), 405],
    ['no session', (headers) => fetch(`${own}/api/loans`, { headers }), 401],
  ]

for (const [what, ask, status] of answers) {
  test(`O1 A page of an origin that we trust reads ${what}, and ours get it as they always did.`, async () => {
    const plain = await ask({})
    const ours = await ask({ origin: own })
    const theirs = await ask({ origin: friend })
    assert.deepEqual([plain.status, ours.status, theirs.status], [status, status, status])
    for (const answer of [plain, ours]) {
      assert.deepEqual(corsOf(answer), [])
      assert.doesNotMatch(answer.headers.get('vary') ?? '', /origin/i)
    }
    const vary = plain.headers.get('vary')
    assert.equal(theirs.headers.get('vary'), vary === null ? 'Origin' : `${vary}, Origin`)
    assert.equal(theirs.headers.get('access-control-allow-origin'), friend)
    assert.equal(theirs.headers.get('access-control-allow-credentials'), 'true')
    const seen = theirs.headers.get('access-control-expose-headers')?.split(', ') ?? []
    for (const name of [
      'ETag',
      'Retry-After',
      'Preference-Applied',
      'Content-Location',
      'X-Request-Id',
      'Idempotent-Replayed',
      'Location',
    ]) {
      assert.ok(seen.includes(name), name)
    }
    assert.equal(theirs.headers.get('cross-origin-resource-policy'), null)
    await Promise.all([plain, ours, theirs].map((answer) => answer.body?.cancel()))
  })
}

test('O1 A stranger’s page, however it spells its origin, reads nothing.', async () => {
  for (const [, ask] of answers) {
    for (const origin of strangers) {
      const answer = await ask({ origin })
      assert.deepEqual(corsOf(answer), [], origin)
      await answer.body?.cancel()
    }
  }
})

test('O1 Two origins are none, nor is one that stands in another header.', async () => {
  for (const lines of [
    `Origin: ${friend}\r\nOrigin: https://evil.example`,
    `Origin: https://evil.example\r\nOrigin: ${friend}`,
    `Referer: ${friend}/\r\nSec-Fetch-Site: same-origin`,
  ]) {
    const bytes = `GET /api/streams/pulse HTTP/1.1\r\nHost: localhost\r\n${lines}\r\nConnection: close\r\n\r\n`
    const { headers } = await rawExchange(app.port, bytes)
    assert.notEqual(headers.get('access-control-allow-origin'), 'https://evil.example')
    assert.doesNotMatch(headers.get('access-control-allow-origin') ?? '', /,/)
  }
})

test('O1 Our own page under our other name is another origin, and trusted.', async () => {
  const origin = `http://localhost:${app.port}`
  const answer = await person.get('/api/loans', { origin })
  assert.equal(answer.headers.get('access-control-allow-origin'), origin)
  await answer.body?.cancel()
})

test('O1 Health and metrics are not for pages.', async () => {
  for (const path of ['/healthz', '/metrics', `${socketPath}/`]) {
    const answer = await person.get(path, { origin: friend })
    assert.deepEqual(corsOf(answer), [], path)
    await answer.body?.cancel()
  }
})

const asked = {
  'access-control-request-method': 'POST',
  'access-control-request-headers': 'content-type,prefer',
}

test('O2 Its browser is told beforehand what it may send.', async () => {
  for (const path of ['/api/loans', '/api/streams/me', '/api/auth/sign-in/email', '/api/nothing']) {
    const answer = await preflight(path, { origin: friend, ...asked })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('access-control-allow-origin'), friend)
    assert.equal(answer.headers.get('access-control-allow-credentials'), 'true')
    assert.equal(answer.headers.get('vary'), 'Origin')
    const listed = (name: string) => answer.headers.get(name)?.toLowerCase().split(', ') ?? []
    const methods = listed('access-control-allow-methods')
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) assert.ok(methods.includes(method))
    assert.deepEqual(listed('access-control-allow-headers'), [
      'accept',
      'content-type',
      'idempotency-key',
      'if-none-match',
      'last-event-id',
      'prefer',
      'x-viewer',
    ])
  }
})

test('O2 What is no such question is a method that the path does not know.', async () => {
  const others: Record<string, string>[] = [
    asked,
    { origin: friend },
    { origin: own, ...asked },
    ...strangers.map((origin) => ({ origin, ...asked })),
  ]
  for (const headers of others) {
    const answer = await preflight('/api/loans', headers)
    assert.equal(answer.status, 405, JSON.stringify(headers))
    assert.equal(answer.headers.get('access-control-allow-methods'), null)
    await answer.body?.cancel()
  }
})

test('A3 A page of an origin that we trust signs in, and opens a socket.', async () => {
  const { id, cookie, email } = await signedInPerson(app)
  const answer = await person.send(
    'POST',
    '/api/auth/sign-in/email',
    { email, password: 'wrong one' },
    { origin: friend },
  )
  assert.equal(answer.status, 401)
  assert.equal(answer.headers.get('access-control-allow-origin'), friend)
  const client = await socketClient({ cookie }, { port: app.port, headers: { origin: friend } })
  assert.equal((await client.done('follow', { stream: 'me' })).stream, `user:${id}`)
  client.close()
})

function corsOf({ headers }: Response): string[] {
  return [...headers.keys()].filter((name) => name.startsWith('access-control-'))
}

function preflight(path: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${own}${path}`, { method: 'OPTIONS', headers })
}

function create({ send }: Person, headers: Record<string, string>): Promise<Response> {
  const key = crypto.randomUUID()
  return send('POST', '/api/loans', application, { ...headers, 'idempotency-key': key })
}

async function unchanged(query: string, headers: Record<string, string>): Promise<Response> {
  const { id } = (await (await create(person, {})).json()) as WireLoan
  const first = await person.get(`/api/loans/${id}`)
  await first.body?.cancel()
  const tag = first.headers.get('etag') ?? ''
  return person.get(`/api/loans/${id}${query}`, { ...headers, 'if-none-match': tag })
}

function opened(path: string, headers: Record<string, string>): Promise<Response> {
  return person.get(path, { ...headers, accept: 'text/event-stream' })
}
