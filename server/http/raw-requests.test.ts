import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawExchange } from '#server/testing/raw-exchange.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp()
const host = 'Host: x\r\nConnection: close\r\n'
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
  for (const path of ['/api/streams/pulse', '/']) {
    const answer = await send(`GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`)
    await expectProblem(new Response(answer.body, answer), 400, 'bad-request')
  }
  assert.equal((await send('GET /api/streams/pulse HTTP/1.0\r\n\r\n')).status, 200)
})

test('An offer of HTTP/2 and an unknown expectation are passed over, and the request is served.', async () => {
  const offers = [
    'Connection: Upgrade, close\r\nUpgrade: h2c\r\n',
    `Connection: close\r\nExpect: miracles\r\n`,
  ]
  for (const offer of offers) {
    const answer = await send(`GET /api/streams/pulse HTTP/1.1\r\nHost: x\r\n${offer}\r\n`)
    assert.equal(answer.status, 200)
  }
})

test('A WebSocket to nowhere is refused, and its line does not stay.', async () => {
  const socket = connect({ port: app.port, host: '127.0.0.1', allowHalfOpen: true })
  socket.write('GET /elsewhere HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  const gone = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'end')
  assert.match(text, /^HTTP\/1\.1 404 /)
  assert.match(text, /problems\/not-found/)
  // This end stays open and says something more: the other end is gone by then, or goes within a moment.
  const chatter = setInterval(() => socket.write('x'), 50)
  socket.on('error', () => clearInterval(chatter))
  await gone
  clearInterval(chatter)
})

/** A line that fails at its last byte, before any limit: three parts of one expression once tried it all ways. */
const blanks = [1_600, 15_000]

for (const count of blanks) {
  test(`A field of ${count} blanks that ends in a control costs nobody anything`, {
    timeout: 60_000,
  }, async () => {
    const request = (last: string) =>
      `GET /api/streams/pulse HTTP/1.1\r\n${host}A:${' '.repeat(count)}${last}\r\n\r\n`
    // The same without the control is the control: what the machine does meanwhile delays both.
    const [plain, failing] = [await besideABystander(request('x')), await besideABystander(request('\x01'))]
    assert.equal(plain.status, 200)
    assert.equal(failing.status, 400)
    const most = Math.max(250, 10 * plain.slowestMs)
    assert.ok(failing.slowestMs < most, `${failing.slowestMs} ms beside it, at most ${most}`)
  })
}

/** Sends a request while somebody else asks for `/healthz` again and again: its status, and their slowest answer. */
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
