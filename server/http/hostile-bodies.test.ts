import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import { slugOf } from '#server/protocol/problems.ts'
import { paidOut } from '#server/testing/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { postBy } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const [borrower, officer] = [await signedInPerson(app), await signedInPerson(app, 'officer')]
const loan = await paidOut(borrower, officer)
const post = await postBy(borrower)

/** JSON texts, because JSON.stringify would not produce them. */
const numbers = [
  '-1',
  '0',
  '-0',
  '1e400',
  '-1e400',
  '5.5',
  '1e-7',
  '9007199254740993',
  '1e21',
  '"100000"',
  'true',
]
const notJson = ['NaN', 'Infinity', '0x10', '+5', '.5', '1_000', '01']
const things = ['null', '[]', '{}', '[100000]', '{"valueOf":1}']
/** A NUL, a lone surrogate, a reversed pair; then empty, blank, too long, and not a string. */
const texts = [
  '"a\\u0000b"',
  '"\\ud83d"',
  '"\\ude00\\ud83d"',
  '""',
  '" \\t\\n\\u00a0\\u3000"',
  '"\\u200b\\u3164\\u2800"',
  JSON.stringify('😀'.repeat(1_001)),
  '7',
  'null',
  '["a"]',
]

type Create = { what: string; send: (body: string) => Promise<Response>; members: Record<string, unknown> }
const creates: Create[] = [
  { what: 'a loan', send: (body) => borrower.create('/api/loans', body), members: application },
  {
    what: 'a payment',
    send: (body) => borrower.create(`/api/loans/${loan.id}/payments`, body),
    members: { amountMinor: 500 },
  },
  {
    what: 'a decision',
    send: (body) => officer.send('POST', `/api/loans/${loan.id}/decision`, body),
    members: { decision: 'approve', note: 'fine' },
  },
  {
    what: 'a post',
    send: (body) => borrower.send('POST', '/api/posts', body),
    members: { body: 'It rains' },
  },
  {
    what: 'a comment',
    send: (body) => borrower.send('POST', `/api/posts/${post.id}/comments`, body),
    members: { body: 'It does' },
  },
  {
    what: 'an alert',
    send: (body) => officer.send('POST', '/api/alerts', body),
    members: { title: 'Now', body: 'To all' },
  },
  { what: 'an account', send: auth('sign-up/email'), members: account() },
]

for (const { what, send, members } of creates) {
  for (const [name, value] of Object.entries(members)) {
    const isNumber = typeof value === 'number'
    const bad = isNumber ? [...numbers, ...things] : [...texts, ...things]
    test(`${what}: ${bad.length} bad values of "${name}" are refused, each with its pointer.`, async () => {
      const rows = await allRows()
      for (const json of bad) {
        const problem = await expectProblem(await send(withMember(members, name, json)), 422, 'validation')
        assert.ok(
          problem.errors?.some(({ pointer }) => pointer === `/${name}`),
          `${json}: ${JSON.stringify(problem)}`,
        )
      }
      assert.deepEqual(await allRows(), rows)
    })
  }

  test(`${what}: what is no JSON, or no object, is refused.`, async () => {
    const rows = await allRows()
    for (const number of notJson) {
      const problem = await expectProblem(await send(`{"amountMinor":${number}}`), 400, 'malformed-json')
      assert.equal(problem.errors, undefined)
    }
    for (const text of ['', ' ', '{', '{}{}', "{'a':1}", '{"a":1,}', '\u0000', '<a/>', 'a=1']) {
      await expectProblem(await send(text), 400, 'malformed-json')
    }
    for (const text of ['null', '7', '"text"', '[]', '[{}]', 'true']) {
      await expectProblem(await send(text), 422, 'validation')
    }
    assert.deepEqual(await allRows(), rows)
  })

  test(`${what}: "__proto__", deep and huge JSON are refused, and change nothing for others.`, async () => {
    const rows = await allRows()
    const good = JSON.stringify(members).slice(0, -1)
    for (const [text, status] of [
      [`${good},"x":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, 400],
      [`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400],
      [`${good},"x":"${'x'.repeat(64_000)}"}`, 413],
    ] as const) {
      const answer = await send(text)
      assert.equal(answer.status, status, await answer.text())
    }
    if (what !== 'an account') {
      for (const name of ['__proto__', 'constructor', 'toString', 'id', 'status']) {
        const problem = await expectProblem(
          await send(`${good},"${name}":{"amountMinor":5}}`),
          422,
          'validation',
        )
        assert.deepEqual(
          problem.errors?.map(({ pointer }) => pointer),
          [`/${name}`],
        )
      }
    }
    assert.deepEqual(await allRows(), rows)
    assert.equal(Reflect.get({}, 'amountMinor'), undefined)
  })
}

test('Signing in with whatever is no address and password is refused, and starts no session.', async () => {
  const rows = await allRows()
  const members = { email: borrower.email, password: 'wrong guess', callbackURL: '/' }
  for (const name of Object.keys(members)) {
    for (const json of [...texts, ...things]) {
      const answer = await auth('sign-in/email')(withMember(members, name, json))
      const slugs = {
        400: 'bad-request',
        401: 'unauthenticated',
        403: 'forbidden',
        422: 'validation',
        429: 'rate-limited',
      } as const
      const slug = slugs[answer.status as keyof typeof slugs]
      assert.ok(slug, `${json}: ${answer.status}`)
      await expectProblem(answer, answer.status, slug)
    }
  }
  assert.deepEqual(await allRows(), rows)
})

test('An account cannot be made with a role, nor twice.', async () => {
  const sign = auth('sign-up/email')
  const officerToBe = { ...account(), role: 'officer' }
  await sign(JSON.stringify(officerToBe))
  const { prisma } = app.context.database
  assert.notEqual((await prisma.user.findUnique({ where: { email: officerToBe.email } }))?.role, 'officer')

  const twice = account()
  const answers = await Promise.all([sign(JSON.stringify(twice)), sign(JSON.stringify(twice))])
  const refused = answers.filter(({ ok }) => !ok)
  assert.equal(refused.length, 1)
  for (const answer of refused) {
    const problem = await expectProblem(answer, 422, 'validation')
    assert.equal(typeof problem.code, 'string')
    assert.equal(slugOf(problem), 'validation')
  }
  assert.equal(await prisma.user.count({ where: { email: twice.email } }), 1)
})

test('Other media types and charsets are refused, and so are bytes that are not UTF-8.', async () => {
  const rows = await allRows()
  const post = (type: string, body: string | Uint8Array<ArrayBuffer> = JSON.stringify(application)) =>
    fetch(`http://127.0.0.1:${app.port}/api/loans`, {
      method: 'POST',
      body,
      headers: { cookie: borrower.cookie, 'idempotency-key': crypto.randomUUID(), 'content-type': type },
    })
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonx',
    'application/json; charset=iso-8859-1',
    'application/json;charset="utf-16le"',
    'nonsense',
    '',
  ]) {
    await expectProblem(await post(type), 415, 'unsupported-media-type')
  }
  const latin1 = Buffer.from(JSON.stringify({ ...application, purpose: 'ein Café' }), 'latin1')
  await expectProblem(await post('application/json', latin1), 400, 'malformed-json')
  assert.deepEqual(await allRows(), rows)
  for (const type of [
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'Application/JSON',
  ]) {
    assert.equal((await post(type)).status, 201)
  }
})

test('Text in any script is kept as it was sent, trimmed.', async () => {
  for (const purpose of [
    'Ремонт крыши',
    '屋根の修理',
    'إصلاح السقف',
    '👩‍👩‍👧‍👦 a̐éö̲',
    '"; DROP TABLE loan; --',
    '<b>&amp;',
    '%00\\u0000',
  ]) {
    const answer = await borrower.create('/api/loans', { ...application, purpose: ` ${purpose}\n` })
    const made = (await answer.json()) as WireLoan
    assert.equal(made.purpose, purpose)
    assert.equal(((await (await borrower.get(`/api/loans/${made.id}`)).json()) as WireLoan).purpose, purpose)
  }
})

function account() {
  return { name: 'Ada', email: `ada-${crypto.randomUUID()}@example.test`, password: 'a long password' }
}

function auth(action: string) {
  return (body: string) =>
    fetch(`http://127.0.0.1:${app.port}/api/auth/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
}

function withMember(members: object, name: string, json: string): string {
  const others = Object.entries(members).filter(([other]) => other !== name)
  return `{${[...others.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`), `"${name}":${json}`].join(',')}}`
}

async function allRows(): Promise<unknown> {
  return app.context.database.prisma.$queryRaw`
    SELECT (SELECT count(*) FROM loan) AS loans, (SELECT count(*) FROM payment) AS payments,
      (SELECT count(*) FROM post) AS posts, (SELECT count(*) FROM comment) AS comments,
      (SELECT count(*) FROM alert) AS alerts, (SELECT count(*) FROM notification) AS notifications,
      (SELECT count(*) FROM log_entry) AS entries, (SELECT count(*) FROM idempotent_answer) AS answers,
      (SELECT count(*) FROM "user") AS users, (SELECT count(*) FROM session) AS sessions,
      (SELECT count(*) FROM graphile_worker.jobs WHERE task_identifier ~ '^(advance|spread)-') AS jobs`
}
