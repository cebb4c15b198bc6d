import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { application, password, signedInPerson } from '#server/testing/person.ts'
import { postBy } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { rawExchange } from '#server/testing/raw-exchange.ts'
import { type TestApp, testApp } from '#server/testing/test-app.ts'

test('Signing in fails so often a minute and no more, however many tries come at once.', async (t) => {
  const app = await testApp(t, { SIGN_IN_FAILURES_PER_MINUTE: '3' })
  const [victim, other] = [await signedInPerson(app), await signedInPerson(app)]
  const tries = await Promise.all(Array.from({ length: 12 }, () => signIn(app, victim.email, 'wrong guess')))
  const failed = tries.filter(({ status }) => status === 401)
  assert.equal(failed.length, 3)
  for (const answer of failed) await expectProblem(answer, 401, 'unauthenticated')
  for (const answer of tries.filter(({ status }) => status !== 401)) {
    await expectProblem(answer, 429, 'rate-limited')
    const seconds = Number(answer.headers.get('retry-after'))
    assert.ok(seconds >= 1 && seconds <= 60)
  }
  await expectProblem(await signIn(app, victim.email.toUpperCase(), password), 429, 'rate-limited')
  assert.equal((await signIn(app, other.email, password)).status, 200)
})

test('A path that is spelt another way does not get round the limit.', async (t) => {
  const app = await testApp(t, { SIGN_IN_FAILURES_PER_MINUTE: '1' })
  const { email } = await signedInPerson(app)
  const body = JSON.stringify({ email, password: 'wrong guess' })
  for (const path of [
    'x/../sign-in/email',
    'sign-in/./email',
    '/sign-in/email',
    'sign-in/email/',
    'sign-in%2Femail',
  ]) {
    const answer = await rawExchange(
      app.port,
      `POST /api/auth/${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await expectProblem(new Response(answer.body, answer), 404, 'not-found')
  }
})

test('Those who sign in rightly are not counted.', async (t) => {
  const app = await testApp(t, { SIGN_IN_FAILURES_PER_MINUTE: '2' })
  const { email } = await signedInPerson(app)
  for (let times = 0; times < 4; times += 1) assert.equal((await signIn(app, email, password)).status, 200)
})

test('An address makes a limited number of accounts a minute.', async (t) => {
  const app = await testApp(t, { SIGN_UPS_PER_MINUTE: '2' })
  const signUp = (n: number) =>
    post(app, 'sign-up/email', { name: 'New', email: `new-${n}@example.test`, password })
  const answers = await Promise.all([signUp(1), signUp(2), signUp(3)])
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 429])
  const refused = answers.find(({ status }) => status === 429)
  assert.ok(refused)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  await expectProblem(refused, 429, 'rate-limited')
  assert.equal(await app.context.database.prisma.user.count(), 2)
})

test('A user holds a limited number of long polls, on all connections together; a short poll is always answered.', async (t) => {
  const app = await testApp(t, { MAX_LONG_POLLS_PER_USER: '2' })
  const [person, other] = [await signedInPerson(app), await signedInPerson(app)]
  const wait = { prefer: 'wait=20' }
  const held = [person.get('/api/streams/me', wait), person.get('/api/streams/me?after=now', wait)]
  await eventually(() => app.context.heldRequests.size >= 2)
  const refused = await person.get('/api/streams/me?after=now', wait)
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  await expectProblem(refused, 429, 'too-many-connections')
  assert.equal((await person.get('/api/streams/me')).status, 200)
  const others = other.get('/api/streams/me?after=now', wait)
  await eventually(() => app.context.heldRequests.size >= 3)
  app.context.heldRequests.drain()
  for (const answer of await Promise.all([...held, others])) assert.equal(answer.status, 204)
  assert.equal(app.context.heldRequests.size, 0)
})

test('A connection without a session holds no more than that, however many requests it carries.', async (t) => {
  const app = await testApp(t, { MAX_LONG_POLLS_PER_USER: '3' })
  const ask = (connection: string) =>
    `GET /api/streams/pulse?after=now&wait=20 HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`
  const answers = rawExchange(app.port, ask('keep-alive').repeat(20) + ask('close'))
  await eventually(() => app.context.heldRequests.size >= 3)
  app.context.heldRequests.drain()
  const { status, body } = await answers
  assert.equal(status, 204)
  assert.equal(body.match(/too-many-connections/g)?.length, 18)
})

test('An address has a limited number of connections; what comes over one too many is not done.', async (t) => {
  const app = await testApp(t, { MAX_CONNECTIONS_PER_ADDRESS: '40' })
  const person = await signedInPerson(app)
  const lines = Array.from({ length: 40 }, () => connect(app.port, '127.0.0.1'))
  t.after(() => lines.map((line) => line.destroy()))
  await Promise.all(lines.map((line) => once(line, 'connect')))
  for (let times = 0; times < 8; times += 1) {
    const answer = await rawExchange(app.port, submission(person.cookie))
    assert.equal(answer.status, 429)
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    assert.match(JSON.parse(answer.body).type, /\/problems\/too-many-connections$/)
  }

  for (const line of lines.splice(0)) line.destroy()
  await reached(app, person.cookie)
  // A fence: had the others been executed, that would have been before this one.
  assert.equal((await person.create('/api/loans', application)).status, 201)
  assert.equal(await app.context.database.prisma.loan.count(), 1)
})

test('A trusted proxy speaks for many: a range of them has no cap, and its word on addresses counts.', async (t) => {
  const app = await testApp(t, {
    TRUSTED_PROXIES: '127.0.0.0/8',
    MAX_CONNECTIONS_PER_ADDRESS: '1',
    SIGN_UPS_PER_MINUTE: '1',
  })
  const lines = Array.from({ length: 3 }, () => connect(app.port, '127.0.0.1'))
  t.after(() => lines.map((line) => line.destroy()))
  await Promise.all(lines.map((line) => once(line, 'connect')))
  const signUpFrom = async (address: string) => {
    const account = { name: 'New', email: `${crypto.randomUUID()}@example.test`, password }
    const answer = await post(app, 'sign-up/email', account, { 'x-forwarded-for': address })
    await answer.bytes()
    return answer.status
  }
  const statuses = [
    await signUpFrom('192.0.2.1'),
    await signUpFrom('192.0.2.2'),
    await signUpFrom('192.0.2.1'),
  ]
  assert.deepEqual(statuses, [200, 200, 429])
})

test('Without one, nobody’s word on addresses counts.', async (t) => {
  const app = await testApp(t, { SIGN_UPS_PER_MINUTE: '1' })
  const statuses = []
  for (const address of ['192.0.2.1', '192.0.2.2']) {
    const account = { name: 'New', email: `${crypto.randomUUID()}@example.test`, password }
    const answer = await post(app, 'sign-up/email', account, { 'x-forwarded-for': address })
    await answer.bytes()
    statuses.push(answer.status)
  }
  assert.deepEqual(statuses, [200, 429])
})

test('A user posts, comments, likes and alerts so often a minute and no more, each by itself.', async (t) => {
  const app = await testApp(t, {
    POSTS_PER_MINUTE: '2',
    COMMENTS_PER_MINUTE: '2',
    LIKES_PER_MINUTE: '2',
    ALERTS_PER_MINUTE: '2',
  })
  const [officer, other] = [await signedInPerson(app, 'officer'), await signedInPerson(app)]
  const { id } = await postBy(other)
  const tries: [method: string, path: string, body?: object][] = [
    ['POST', '/api/posts', { body: 'Me' }],
    ['POST', `/api/posts/${id}/comments`, { body: 'Me too' }],
    ['PUT', `/api/posts/${id}/like`],
    ['POST', '/api/alerts', { title: 'Me', body: 'To all' }],
  ]
  for (const [method, path, body] of tries) {
    const answers = await Promise.all([1, 2, 3, 4].map(() => officer.send(method, path, body)))
    const refused = answers.filter(({ ok }) => !ok)
    assert.equal(refused.length, 2, path)
    for (const answer of refused) {
      await expectProblem(answer, 429, 'rate-limited')
      const seconds = Number(answer.headers.get('retry-after'))
      assert.ok(seconds >= 1 && seconds <= 60)
    }
  }
  await expectProblem(await officer.send('DELETE', `/api/posts/${id}/like`), 429, 'rate-limited')
  assert.equal((await other.send('PUT', `/api/posts/${id}/like`)).status, 200)
})

function submission(cookie: string): string {
  const body = JSON.stringify(application)
  return (
    `POST /api/loans HTTP/1.1\r\nHost: localhost\r\nCookie: ${cookie}\r\nIdempotency-Key: ${crypto.randomUUID()}\r\n` +
    `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  )
}

/** Polls until the server has noticed that the connections are gone. */
async function reached(app: TestApp, cookie: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${app.port}/api/loans`, { headers: { cookie } })
    await answer.bytes()
    if (answer.status === 200) return
  }
}

function signIn(app: TestApp, email: string, guess: string): Promise<Response> {
  return post(app, 'sign-in/email', { email, password: guess })
}

function post(app: TestApp, action: string, body: object, headers: Record<string, string> = {}) {
  return fetch(`http://127.0.0.1:${app.port}/api/auth/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}
