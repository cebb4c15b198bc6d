import assert from 'node:assert/strict'
import { test } from 'node:test'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp()
const person = await signedInPerson(app)
const own = `http://localhost:${app.port}`

const foreign: Record<string, string>[] = [
  { origin: 'https://evil.example' },
  { origin: 'null' },
  { origin: '' },
  { origin: `http://localhost:${app.port + 1}` },
  { origin: `https://localhost:${app.port}` },
  { origin: `${own}.evil.example` },
  { origin: `${own}/` },
  { origin: own.toUpperCase() },
  { origin: `${own}, ${own}` },
  { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'nonsense' },
]
const trusted: Record<string, string>[] = [
  {},
  { origin: own },
  { origin: `http://127.0.0.1:${app.port}` },
  { origin: own, 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-origin' },
  { 'sec-fetch-site': 'none' },
]
const unsafe = ['POST', 'PUT', 'PATCH', 'DELETE']

test('A foreign page may change nothing, whatever it sends.', async () => {
  for (const headers of foreign) {
    for (const path of ['/api/loans', '/api/auth/sign-out', '/api/auth/sign-in/email', '/api/nothing']) {
      for (const method of unsafe) {
        const answer = await person.send(method, path, method === 'DELETE' ? undefined : application, headers)
        await expectProblem(answer, 403, 'origin-not-allowed')
      }
    }
  }
  assert.equal(await app.context.database.prisma.loan.count(), 0)
  assert.equal((await person.get('/api/loans')).status, 200)
})

test('A foreign page may open no stream.', async () => {
  for (const headers of foreign) {
    const answer = await person.get('/api/streams/pulse', { ...headers, accept: 'text/event-stream' })
    await expectProblem(answer, 403, 'origin-not-allowed')
  }
})

test('Our own pages may, and so may a program that is no browser.', async () => {
  for (const headers of trusted) {
    const answer = await person.send('POST', '/api/loans', application, {
      ...headers,
      'idempotency-key': crypto.randomUUID(),
    })
    assert.equal(answer.status, 201, JSON.stringify(headers))
    await answer.bytes()
  }
})

test('A foreign page reads nothing: no answer names an origin that may.', async () => {
  for (const method of ['GET', 'OPTIONS']) {
    const answer = await person.send(method, '/api/loans', undefined, {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
    })
    assert.deepEqual(
      [...answer.headers.keys()].filter((name) => name.startsWith('access-control-')),
      [],
    )
    await answer.bytes()
  }
})
