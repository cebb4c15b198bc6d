import assert from 'node:assert/strict'
import { test } from 'node:test'
import { password, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { type TestApp, testApp } from '#server/testing/test-app.ts'

const behindProxy = { TRUSTED_PROXIES: '127.0.0.1' }

test('An address may try to sign in a limited number of times a minute, whoever it is for, and an IPv6 address is its /64.', async (t) => {
  const app = await testApp(t, { ...behindProxy, SIGN_INS_PER_MINUTE: '3' })
  const known = await signedInPerson(app)
  for (const addresses of [
    ['192.0.2.1', '::ffff:192.0.2.1', '::ffff:c000:201'],
    ['2001:db8:1:2::1', '2001:DB8:1:2:ffff::9', '2001:db8:1:2:0:0:0:3'],
  ]) {
    for (const address of addresses) {
      const answer = await signIn(app, address, { email: someone(), password })
      await expectProblem(answer, 401, 'unauthenticated')
    }
    for (const email of [someone(), known.email]) {
      const answer = await signIn(app, addresses[0] ?? '', { email, password })
      const seconds = Number(answer.headers.get('retry-after'))
      assert.ok(seconds >= 1 && seconds <= 60)
      await expectProblem(answer, 429, 'rate-limited')
    }
  }
  const elsewhere = await signIn(app, '2001:db8:1:3::1', { email: known.email, password })
  assert.equal(elsewhere.status, 200, await elsewhere.text())
})

test('A minute of tries is 100 unless it is set.', async (t) => {
  const app = await testApp(t, { ...behindProxy, SIGN_INS_PER_MINUTE: '' })
  assert.equal(app.context.env.SIGN_INS_PER_MINUTE, 100)
})

test('Without a trusted proxy a forwarded address makes no new one.', async (t) => {
  const app = await testApp(t, { SIGN_INS_PER_MINUTE: '1' })
  const first = await signIn(app, '192.0.2.1', { email: someone(), password })
  const second = await signIn(app, '192.0.2.2', { email: someone(), password })
  assert.deepEqual([first.status, second.status], [401, 429])
})

test('A crowd that guesses holds up neither who signs in from elsewhere nor other requests, and is answered itself.', async (t) => {
  const app = await testApp(t, behindProxy)
  const person = await signedInPerson(app)
  const answered: number[] = []
  const crowd = Array.from({ length: 50 }, async () => {
    const answer = await signIn(app, '192.0.2.1', { email: someone(), password })
    await answer.bytes()
    answered.push(answer.status)
    if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) >= 1)
  })
  const right = await signIn(app, '192.0.2.2', { email: person.email, password })
  const hashedBefore = answered.filter((status) => status === 401).length
  assert.equal(right.status, 200, await right.text())
  assert.ok(hashedBefore <= 10, `${hashedBefore} of the crowd were hashed before`)
  assert.equal((await person.get('/api/loans')).status, 200)
  await Promise.all(crowd)
  assert.deepEqual([...new Set(answered)].sort(), [401, 429])
  assert.ok(answered.filter((status) => status === 401).length >= 16)
})

test('A class of 30 that signs up at once from one address is let in.', async (t) => {
  const app = await testApp(t)
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      post(app, 'sign-up/email', { name: 'New', email: someone(), password }, '192.0.2.1'),
    ),
  )
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200])
})

test('A known and an unknown e-mail are answered alike and hash alike.', async (t) => {
  const app = await testApp(t)
  const { email } = await signedInPerson(app)
  const bodies: unknown[] = []
  for (const tried of [email, someone()]) {
    const problem = await expectProblem(
      await signIn(app, '', { email: tried, password: 'wrong guess' }),
      401,
      'unauthenticated',
    )
    bodies.push({ ...problem, requestId: '' })
  }
  assert.deepEqual(bodies[0], bodies[1])
})

test('What is wrong in thousands of places is told of some of them.', async (t) => {
  const app = await testApp(t)
  const members = Object.fromEntries(Array.from({ length: 5_000 }, (_, nth) => [`m${nth}`, 0]))
  const answer = await fetch(`http://127.0.0.1:${app.port}/api/posts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(members),
  })
  const problem = await expectProblem(answer, 422, 'validation')
  assert.equal(problem.errors?.length, 20)
})

/** Routes of better-auth that are not served; any of them may hash, write or send. */
const unlisted = [
  ...['set-password', 'verify-password', 'change-email', 'update-user', 'delete-user'],
  ...['forget-password', 'request-password-reset', 'reset-password', 'send-verification-email'],
  ...['verify-email', 'revoke-sessions', 'update-session', 'list-accounts', 'link-social', 'sign-in/social'],
  ...['unlink-account', 'refresh-token', 'get-access-token', 'account-info', 'ok', 'error'],
]

test('Nothing of better-auth is reached that is not listed.', async (t) => {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  for (const action of unlisted) {
    for (const [method, body] of [
      ['POST', { password, newPassword: password, currentPassword: password }],
      ['GET', undefined],
    ] as const) {
      const answer = await person.send(method, `/api/auth/${action}`, body)
      await expectProblem(answer, 404, 'not-found')
    }
  }
})

function someone(): string {
  return `${crypto.randomUUID()}@example.test`
}

function signIn(app: TestApp, address: string, body: object): Promise<Response> {
  return post(app, 'sign-in/email', body, address)
}

function post(app: TestApp, action: string, body: object, address: string) {
  return fetch(`http://127.0.0.1:${app.port}/api/auth/${action}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(address && { 'x-forwarded-for': address }) },
    body: JSON.stringify(body),
  })
}
