import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WirePage } from '#server/protocol/streams.ts'
import { signedInPerson, signIn } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawExchange } from '#server/testing/raw-exchange.ts'
import { testApp } from '#server/testing/test-app.ts'

const path = '/api/streams/lab:some-run'

test('LAB1 Where the lab is on, every signed-in user reads its streams.', async (t) => {
  const app = await testApp(t, { LAB: 'on' })
  const { log } = app.context
  await log.transact((tx) => log.append(tx, [{ stream: 'lab:some-run', type: 'lab.event', data: 1 }]))
  const person = await signedInPerson(app)
  const page = (await (await person.get(path)).json()) as WirePage
  assert.deepEqual(
    page.entries.map(({ seq, data }) => [seq, data]),
    [[1, 1]],
  )
  await expectProblem(await fetch(`http://127.0.0.1:${app.port}${path}`), 401, 'unauthenticated')
  await expectProblem(await person.get('/api/streams/user:some-run'), 404, 'not-found')
})

test('LAB1 Elsewhere they are not there.', async (t) => {
  const app = await testApp(t)
  const { log } = app.context
  await log.transact((tx) => log.append(tx, [{ stream: 'lab:some-run', type: 'lab.event', data: 1 }]))
  const person = await signedInPerson(app)
  const ways: Record<string, string>[] = [{}, { prefer: 'wait=1' }, { accept: 'text/event-stream' }]
  for (const headers of ways) {
    await expectProblem(await person.get(path, headers), 404, 'not-found')
  }
})

test('The cookies are named as they are told to be, and others open nothing.', async (t) => {
  const app = await testApp(t, { COOKIE_PREFIX: 'wireside-lab' })
  const { email } = await signedInPerson(app)
  const person = await signIn(app.port, email)
  assert.match(person.cookie, /^wireside-lab\.session_token=/)
  assert.equal((await person.get('/api/loans')).status, 200)
  const cookie = person.cookie.replace('wireside-lab', 'better-auth')
  const answer = await rawExchange(
    app.port,
    `GET /api/loans HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`,
  )
  assert.equal(answer.status, 401)
  const both = await person.get('/api/loans', { cookie: `${cookie}; ${person.cookie}` })
  assert.equal(both.status, 200)
  await person.send('POST', '/api/auth/sign-out', {})
  assert.equal((await person.get('/api/loans')).status, 401)
})
