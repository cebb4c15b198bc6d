import assert from 'node:assert/strict'
import { METHODS } from 'node:http'
import { test } from 'node:test'
import { expectProblem } from '#server/testing/problem.ts'
import { rawExchange } from '#server/testing/raw-exchange.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp()
const url = (path: string) => `http://127.0.0.1:${app.port}${path}`

const allowed = {
  '/api/loans': ['GET', 'HEAD', 'POST'],
  '/api/loans/L-0000000000': ['GET', 'HEAD'],
  '/api/loans/L-0000000000/decision': ['POST'],
  '/api/posts': ['GET', 'HEAD', 'POST'],
  '/api/posts/1/like': ['DELETE', 'PUT'],
  '/api/notifications/read': ['POST'],
  '/api/notifications/preferences': ['GET', 'HEAD', 'PUT'],
  '/api/streams/pulse': ['GET', 'HEAD'],
  '/api/auth/sign-in/email': ['POST'],
  '/api/auth/get-session': ['GET', 'HEAD'],
  '/healthz': ['GET', 'HEAD'],
}

for (const [path, known] of Object.entries(allowed)) {
  test(`${path} refuses every other method and says which it knows.`, async () => {
    const others = METHODS.filter((method) => !known.includes(method) && method !== 'CONNECT')
    for (const method of others) {
      const answer = await rawExchange(
        app.port,
        `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      )
      assert.equal(answer.status, 405, `${method} ${answer.body}`)
      assert.deepEqual(answer.headers.get('allow')?.split(', ').sort(), known)
      if (method === 'HEAD') continue
      const { status, headers, body } = answer
      await expectProblem(new Response(body, { status, headers }), 405, 'method-not-allowed')
    }
  })
}

test('A method is refused before its body.', async () => {
  const answer = await fetch(url('/api/streams/pulse'), {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'text/html' },
  })
  await expectProblem(answer, 405, 'method-not-allowed')
})

test('HEAD answers as GET would, without the body.', async () => {
  const [get, head] = [
    await fetch(url('/api/streams/pulse')),
    await fetch(url('/api/streams/pulse'), { method: 'HEAD' }),
  ]
  assert.equal(head.status, get.status)
  for (const name of ['content-type', 'content-length', 'etag', 'cache-control', 'vary']) {
    assert.equal(head.headers.get(name), get.headers.get(name), name)
  }
  assert.equal((await head.bytes()).length, 0)
  await get.bytes()
})

test('HEAD never waits.', async () => {
  const answer = await fetch(url('/api/streams/pulse?after=now'), {
    method: 'HEAD',
    headers: { prefer: 'wait=25' },
  })
  assert.equal(answer.status, 200)
  assert.equal(answer.headers.get('preference-applied'), null)
})

test('HEAD of what is not there is told so in the headers.', async () => {
  const answer = await fetch(url('/api/nothing'), { method: 'HEAD' })
  assert.equal(answer.status, 404)
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/)
})
