import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { bothEnds } from '#server/testing/flooding-socket.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { type RawAnswer, rawExchange } from '#server/testing/raw-exchange.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'

const app = await fileApp()
const host = 'Host: localhost\r\nConnection: close\r\n'
const json = 'Content-Type: application/json\r\n'
const send = (bytes: string) => rawExchange(app.port, bytes)

/** Refused by Node's parser, before there is a request: no request id, but a problem all the same. */
const notHttp: [what: string, bytes: string, status: number][] = [
  ['no HTTP at all', 'hello there\r\n\r\n', 400],
  ['a method that nobody knows', `BREW /api/loans HTTP/1.1\r\n${host}\r\n`, 400],
  ['headers beyond 16 KB', `GET /api/loans HTTP/1.1\r\n${host}X: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ['a header with a NUL', `GET /api/loans HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 400],
  [
    'a broken chunk',
    `POST /api/loans HTTP/1.1\r\n${host}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    400,
  ],
  ['two lengths', `POST /api/loans HTTP/1.1\r\n${host}Content-Length: 5\r\nContent-Length: 6\r\n\r\n`, 400],
]

for (const [what, bytes, status] of notHttp) {
  test(`${what}: told in a problem, and the line is closed.`, async () => {
    const answer = await send(bytes)
    assert.equal(answer.status, status)
    assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
    const problem = JSON.parse(answer.body)
    assert.match(problem.type, /\/problems\/bad-request$/)
    assert.equal(problem.status, status)
  })
}

/** Refused by the router, before any handler of ours. */
const paths: [what: string, path: string, status: number, slug: 'bad-request' | 'not-found'][] = [
  ['broken percent-encoding', '/api/loans/%zz', 400, 'bad-request'],
  ['percent-encoding that is not UTF-8', '/api/loans/%ff', 400, 'bad-request'],
  ['a very long path', `/api/loans/${'x'.repeat(8_000)}`, 404, 'not-found'],
  ['a path that climbs', '/api/loans/../../etc/passwd', 404, 'not-found'],
  ['an encoded slash', '/api/loans%2FL-0000000000', 404, 'not-found'],
  ['doubled slashes', '/api//loans', 404, 'not-found'],
]

for (const [what, path, status, slug] of paths) {
  test(`${what}: ${slug}.`, async () => {
    const answer = await send(`GET ${path} HTTP/1.1\r\n${host}\r\n`)
    await expectProblem(new Response(answer.body, answer), status, slug)
  })
}

test('A NUL in a path names nothing.', async () => {
  const person = await signedInPerson(app)
  for (const path of ['/api/loans/%00', '/api/payments/P-%00', '/api/streams/loan:%00']) {
    await expectProblem(await person.get(path), 404, 'not-found')
  }
})

test('HTTP/1.1 without Host is refused, HTTP/1.0 is not.', async () => {
  const answer = await send('GET /api/streams/pulse HTTP/1.1\r\nConnection: close\r\n\r\n')
  await expectProblem(new Response(answer.body, answer), 400, 'bad-request')
  expectPage(await send('GET / HTTP/1.1\r\nConnection: close\r\n\r\n'), 400)
  assert.equal((await send('GET /api/streams/pulse HTTP/1.0\r\n\r\n')).status, 200)
})

/** Requests that this server and a proxy in front of it might interpret differently. */
const ambiguous: Record<string, string> = {
  'two hosts': 'Host: localhost\r\nHost: evil.example\r\n',
  'the same host twice': 'Host: localhost\r\nHost: localhost\r\n',
  'a host in another case': 'Host: localhost\r\nhOST: localhost\r\n',
  'another coding before chunked': `${host}Transfer-Encoding: gzip, chunked\r\n`,
  'another coding after chunked': `${host}Transfer-Encoding: chunked, gzip\r\n`,
  'identity alone': `${host}Transfer-Encoding: identity\r\n`,
  'identity, then chunked in a field of its own': `${host}Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n`,
  'chunked twice': `${host}Transfer-Encoding: chunked, chunked\r\n`,
  'chunked in two fields': `${host}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n`,
  'chunked with a parameter': `${host}Transfer-Encoding: chunked;q=1\r\n`,
  'what only looks like chunked': `${host}Transfer-Encoding: xchunked\r\n`,
  'no coding at all': `${host}Transfer-Encoding: \r\n`,
  'chunked and a length': `${host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n`,
}

for (const [what, fields] of Object.entries(ambiguous)) {
  test(`${what}: one 400, and nothing that follows is done.`, async () => {
    for (const line of ['POST /api/posts', 'GET /api/streams/pulse', 'GET /']) {
      const smuggled = `0\r\n\r\nGET /healthz HTTP/1.1\r\n${host}\r\n`
      const { status, body } = await send(`${line} HTTP/1.1\r\n${fields}${json}\r\n${smuggled}`)
      assert.equal(status, 400, line)
      assert.doesNotMatch(body, /HTTP\/1\.1|"ok"/)
      if (line.includes('/api/')) assert.match(JSON.parse(body).type, /\/problems\/bad-request$/)
    }
  })
}

test('HTTP/1.0 has no chunks.', async () => {
  const chunked = `${host}${json}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`
  const answer = await send(`POST /api/auth/sign-in/email HTTP/1.0\r\n${chunked}`)
  await expectProblem(new Response(answer.body, answer), 400, 'bad-request')
})

test('Chunked in any case is chunked.', async () => {
  for (const coding of ['chunked', 'CHUNKED', ' chunked ']) {
    const chunked = `${host}${json}Transfer-Encoding: ${coding}\r\n\r\n2\r\n{}\r\n0\r\n\r\n`
    assert.equal((await send(`POST /api/auth/sign-in/email HTTP/1.1\r\n${chunked}`)).status, 422)
  }
})

test('A target with our own host in it is served as the path; any other is refused.', async () => {
  for (const target of ['http://localhost', 'HTTP://LOCALHOST:1', 'https://[::1]:9', 'http://127.0.0.1']) {
    const answer = await send(`GET ${target}/api/streams/pulse?after=now HTTP/1.1\r\n${host}\r\n`)
    assert.equal(answer.status, 200, target)
    assert.equal((await send(`GET ${target}/healthz HTTP/1.1\r\n${host}\r\n`)).status, 200)
  }
  const refused = [
    'http://evil.example/api/streams/pulse',
    'http://evil.example/loans/',
    'http://evil.example/healthz',
    'http://evil.example',
    'http://user@localhost/api/streams/pulse',
    'http://localhost\\@evil.example/',
    'http:///loans',
    'http://localhost//evil.example/',
    'ftp://localhost/',
    'localhost:80',
    '*',
  ]
  for (const target of refused) {
    for (const method of ['GET', 'OPTIONS', 'POST']) {
      const answer = await send(`${method} ${target} HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`)
      assert.ok([400, 405].includes(answer.status), `${method} ${target}: ${answer.status}`)
      assert.equal(answer.headers.get('location'), null)
    }
  }
})

test('Neither TRACE nor CONNECT is for anybody.', async () => {
  for (const target of [
    '/',
    '/loans',
    '/api/loans',
    '/api/nothing',
    '/socket.io/x',
    '/healthz',
    '/_next/static/x.js',
    'http://localhost/',
  ]) {
    const { status, headers } = await send(`TRACE ${target} HTTP/1.1\r\n${host}\r\n`)
    assert.equal(status, 405, target)
    assert.match(headers.get('allow') ?? '', /GET, HEAD/)
  }
  for (const target of ['localhost:80', 'evil.example:443', '/']) {
    const answer = await send(`CONNECT ${target} HTTP/1.1\r\n${host}\r\n`)
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.get('allow'), 'GET, HEAD')
    assert.match(JSON.parse(answer.body).type, /\/problems\/method-not-allowed$/)
  }
})

test('Headers that are too large are explained: cookies of other apps, and what to do about them.', async () => {
  const cookie = `Cookie: ${'of-another-app=1; '.repeat(2_000)}\r\n`
  const page = await send(`GET /loans HTTP/1.1\r\n${host}Accept: text/html\r\n${cookie}\r\n`)
  expectPage(page, 431)
  const api = await send(`GET /api/loans HTTP/1.1\r\n${host}${cookie}\r\n`)
  assert.equal(api.status, 431)
  const { detail, status } = JSON.parse(api.body)
  assert.equal(status, 431)
  for (const text of [page.body, detail]) assert.match(text, /16 KB.*cookies.*localhost.*Delete the cookies/)
})

/** Responses on the bare socket, which must not be taken for the response to the request before. */
const afterwards: [what: string, bytes: string, status: number][] = [
  ['what is no HTTP', 'hello there\r\n\r\n', 400],
  ['a tunnel', `CONNECT evil.example:443 HTTP/1.1\r\n${host}\r\n`, 405],
  [
    'an upgrade that is refused',
    'GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    404,
  ],
  [
    'a body that is broken',
    `POST /api/auth/sign-in/email HTTP/1.1\r\n${host}${json}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    400,
  ],
]

for (const [what, bytes, status] of afterwards) {
  test(`A write is answered before ${what} behind it on the connection is refused.`, async () => {
    const { cookie } = await signedInPerson(app)
    const body = JSON.stringify({ body: what })
    const write = `POST /api/posts HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\n${json}Content-Length: ${body.length}\r\n\r\n${body}`
    const answer = await send(write + bytes)
    assert.equal(answer.status, 201)
    assert.match(answer.body, new RegExp(`HTTP/1.1 ${status} `))
    assert.equal([...answer.body.matchAll(/HTTP\/1\.1 /g)].length, 1)
  })
}

test('A WebSocket is opened when what came before it on the connection is answered.', async () => {
  const { cookie } = await signedInPerson(app)
  const socket = connect(app.port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  const fields = `Host: localhost\r\nCookie: ${cookie}\r\n`
  socket.write(`GET /api/streams/me?after=now&wait=1 HTTP/1.1\r\n${fields}\r\n`)
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${fields}Connection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await eventually(() => text.includes('0{"sid"'))
  socket.destroy()
  assert.match(text, /^HTTP\/1\.1 204 [\s\S]*HTTP\/1\.1 101 /)
})

test('The body of a request is asked for when the request is not refused already.', async () => {
  const expecting = `${json}Expect: 100-continue\r\nContent-Length: 2\r\n`
  const refused: [line: string, fields: string, status: number][] = [
    ['POST /api/auth/sign-in/email HTTP/1.1', 'Host: evil.example\r\n', 400],
    ['POST /api/auth/sign-in/email HTTP/1.1', `Host: localhost\r\n${host}`, 400],
    ['POST /loans HTTP/1.1', host, 405],
  ]
  for (const [line, fields, status] of refused) {
    const answer = await send(`${line}\r\n${fields}${expecting}\r\n`)
    assert.deepEqual([answer.status, answer.body.includes('HTTP/1.1')], [status, false], line)
  }
  const taken = await send(`POST /api/auth/sign-in/email HTTP/1.1\r\n${host}${expecting}\r\n{}`)
  assert.equal(taken.status, 100)
  assert.match(taken.body, /^HTTP\/1\.1 422 /)
  const old = await send(`POST /api/auth/sign-in/email HTTP/1.0\r\n${host}${expecting}\r\n{}`)
  assert.equal(old.status, 422)
})

test('A client that leaves in the midst of its body is no failure of the database, and no line of the log.', async (t) => {
  const lines: string[] = []
  const quiet = await testApp(t, {}, createLogger('warn', { write: (line) => void lines.push(line) }))
  const ends = await bothEnds(quiet.port)
  ends.client.write(`POST /api/auth/sign-in/email HTTP/1.1\r\n${host}${json}Content-Length: 9\r\n\r\n{`)
  await eventually(() => ends.server.bytesRead > 0)
  ends.client.destroy()
  await eventually(() => ends.server.destroyed)
  assert.equal((await fetch(`http://127.0.0.1:${quiet.port}/api/nothing`)).status, 404)
  assert.deepEqual(lines, [])
})

test('An offer of HTTP/2 and an unknown expectation are passed over, and the request is served.', async () => {
  const offers = [
    'Connection: Upgrade, close\r\nUpgrade: h2c\r\n',
    `Connection: close\r\nExpect: miracles\r\n`,
  ]
  for (const offer of offers) {
    const answer = await send(`GET /api/streams/pulse HTTP/1.1\r\nHost: localhost\r\n${offer}\r\n`)
    assert.equal(answer.status, 200)
  }
})

test('A WebSocket to nowhere is refused, and its line does not stay.', async () => {
  const socket = connect({ port: app.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write(
    'GET /elsewhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const gone = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'end')
  assert.match(text, /^HTTP\/1\.1 404 /)
  assert.match(text, /problems\/not-found/)
  // This end stays open and keeps sending: the other end is gone by then, or soon will be.
  const chatter = setInterval(() => socket.write('x'), 50)
  socket.on('error', () => clearInterval(chatter))
  await gone
  clearInterval(chatter)
})

/**
 * Lines that fail at their last byte, below any limit: a regular expression with three quantifiers once tried every
 * split.
 */
const blanks = [1_600, 15_000]

for (const count of blanks) {
  test(`A field of ${count} blanks that ends in a control costs nobody anything`, {
    timeout: 60_000,
  }, async () => {
    const request = (last: string) =>
      `GET /api/streams/pulse HTTP/1.1\r\n${host}A:${' '.repeat(count)}${last}\r\n\r\n`
    // The same without the control character is the control: other load on the machine delays both.
    const [plain, failing] = [await besideABystander(request('x')), await besideABystander(request('\x01'))]
    assert.equal(plain.status, 200)
    assert.equal(failing.status, 400)
    const most = Math.max(250, 10 * plain.slowestMs)
    assert.ok(failing.slowestMs < most, `${failing.slowestMs} ms beside it, at most ${most}`)
  })
}

/** Sends a request while another client polls `/healthz`: returns its status, and the slowest response to the other. */
async function besideABystander(request: string): Promise<{ status: number; slowestMs: number }> {
  let slowestMs = 0
  let isOver = false
  const sent = send(request).finally(() => {
    isOver = true
  })
  do {
    const askedAt = performance.now()
    await (await fetch(`http://127.0.0.1:${app.port}/healthz`)).text()
    slowestMs = Math.max(slowestMs, performance.now() - askedAt)
  } while (!isOver)
  return { status: (await sent).status, slowestMs }
}

function expectPage(answer: RawAnswer, status: number) {
  assert.equal(answer.status, status)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/html; charset=utf-8/)
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  assert.match(answer.body, /<h1>[A-Z][^<]+<\/h1><p>[A-Z][^<]+\.<\/p>/)
}
