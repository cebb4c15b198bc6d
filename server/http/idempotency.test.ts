import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { forgetOldAnswers } from '#server/database/idempotency.ts'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import type { WireLoan, WirePayment } from '#server/protocol/loans.ts'
import { eventually } from '#server/testing/eventually.ts'
import { paidOut } from '#server/testing/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const { prisma } = app.context.database
const [borrower, other, officer] = await Promise.all([
  signedInPerson(app),
  signedInPerson(app),
  signedInPerson(app, 'officer'),
])
const loan = await paidOut(borrower, officer)
const payments = `/api/loans/${loan.id}/payments`
const loansOf = (applicantId: string) => prisma.loan.count({ where: { applicantId } })

for (const [what, path, body] of [
  ['A loan', '/api/loans', application],
  ['A payment', payments, { amountMinor: 500 }],
] as const) {
  test(`${what} sent again with its key gets the first answer, to the byte.`, async () => {
    const key = crypto.randomUUID()
    const first = await borrower.create(path, body, key)
    const again = await borrower.create(path, body, key)
    assert.deepEqual([first.status, again.status], [201, 201])
    assert.equal(first.headers.get('idempotent-replayed'), null)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    for (const name of ['location', 'content-type', 'content-length', 'cache-control']) {
      assert.equal(again.headers.get(name), first.headers.get(name), name)
    }
    assert.equal(await again.text(), await first.text())
  })
}

test('The order and spacing of the members do not make another request; another value does.', async () => {
  const key = crypto.randomUUID()
  const made = await borrower.create('/api/loans', application, key)
  const turned = JSON.stringify(Object.fromEntries(Object.entries(application).reverse()), null, 3)
  assert.equal(await (await borrower.create('/api/loans', turned, key)).text(), await made.text())
  const answer = await borrower.create('/api/loans', { ...application, termMonths: 24 }, key)
  await expectProblem(answer, 422, 'idempotency-key-reused')
})

test('A key that paid one loan pays no other.', async () => {
  const second = await paidOut(borrower, officer)
  const key = crypto.randomUUID()
  assert.equal((await borrower.create(payments, { amountMinor: 700 }, key)).status, 201)
  const answer = await borrower.create(`/api/loans/${second.id}/payments`, { amountMinor: 700 }, key)
  await expectProblem(answer, 422, 'idempotency-key-reused')
  assert.equal(await prisma.payment.count({ where: { loanId: second.id } }), 0)
})

test('A key is its user’s and its verb’s own.', async () => {
  const key = crypto.randomUUID()
  const answers = [
    await borrower.create('/api/loans', application, key),
    await other.create('/api/loans', application, key),
    await borrower.create(payments, { amountMinor: 500 }, key),
  ]
  for (const answer of answers) {
    assert.equal(answer.status, 201)
    assert.equal(answer.headers.get('idempotent-replayed'), null)
  }
  const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as WireLoan).id))
  assert.equal(new Set(ids).size, 3)
})

test('A refused request does not use its key up.', async () => {
  const key = crypto.randomUUID()
  const tooMuch = { amountMinor: loan.outstandingMinor + 1 }
  await expectProblem(await borrower.create(payments, tooMuch, key), 422, 'validation')
  assert.equal((await borrower.create(payments, { amountMinor: 500 }, key)).status, 201)
})

test('Submits that come at once make one loan: the others are replayed, or told that it still runs.', async () => {
  const person = await signedInPerson(app)
  const key = crypto.randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => person.create('/api/loans', application, key)),
  )
  const done = answers.filter(({ status }) => status === 201)
  const running = answers.filter(({ status }) => status !== 201)
  assert.equal(done.filter(({ headers }) => headers.get('idempotent-replayed') === null).length, 1)
  assert.equal(new Set(await Promise.all(done.map((answer) => answer.text()))).size, 1)
  for (const answer of running) {
    assert.ok(Number(answer.headers.get('retry-after')) > 0)
    await expectProblem(answer, 409, 'idempotency-in-progress')
  }
  assert.equal(await loansOf(person.id), 1)
})

test('While the first still runs, the second is told so, and tried again later gets its answer.', async (t) => {
  const key = crypto.randomUUID()
  const release = await stall(t)
  const first = borrower.create(payments, { amountMinor: 900 }, key)
  await stalled()
  const second = await borrower.create(payments, { amountMinor: 900 }, key)
  assert.ok(Number(second.headers.get('retry-after')) > 0)
  await expectProblem(second, 409, 'idempotency-in-progress')
  await release()
  const answer = await first
  assert.equal(answer.status, 201)
  const replay = await borrower.create(payments, { amountMinor: 900 }, key)
  assert.equal(replay.headers.get('idempotent-replayed'), 'true')
  assert.equal(await replay.text(), await answer.text())
})

test('A write whose answer was lost on the line is done once, and tried again gets its answer.', async (t) => {
  const person = await signedInPerson(app)
  const line = await tcpProxy({ port: app.port })
  t.after(() => line.close())
  const key = crypto.randomUUID()
  const release = await stall(t)
  const lost = person.via(line.port).create('/api/loans', application, key)
  const outcome = Promise.allSettled([lost])
  await stalled()
  line.freeze()
  await release()
  await eventually(() => loansOf(person.id))
  line.cut()
  assert.equal((await outcome)[0].status, 'rejected')

  const again = await person.create('/api/loans', application, key)
  assert.equal(again.status, 201)
  assert.equal(again.headers.get('idempotent-replayed'), 'true')
  assert.equal(await loansOf(person.id), 1)
  const { id } = (await again.json()) as WireLoan
  assert.equal((await person.get(`/api/loans/${id}`)).status, 200)
})

test('Without the key the same retry makes a second one (the control arm).', async () => {
  const person = await signedInPerson(app)
  await person.create('/api/loans', application)
  await person.create('/api/loans', application)
  assert.equal(await loansOf(person.id), 2)
})

test('An answer is kept for 24 hours.', async () => {
  const key = crypto.randomUUID()
  const { id } = (await (await borrower.create(payments, { amountMinor: 500 }, key)).json()) as WirePayment
  await age(key, '23 hours 59 minutes')
  const replay = (await (await borrower.create(payments, { amountMinor: 500 }, key)).json()) as WirePayment
  assert.equal(replay.id, id)
  await age(key, '24 hours 1 minute')
  const fresh = (await (await borrower.create(payments, { amountMinor: 500 }, key)).json()) as WirePayment
  assert.notEqual(fresh.id, id)
})

/** Blocks every create until it is released, or the test ends. */
async function stall(t: TestContext): Promise<() => Promise<void>> {
  const client = await app.context.database.pool.connect()
  await client.query('BEGIN; LOCK TABLE idempotent_answer IN ACCESS EXCLUSIVE MODE')
  let released: Promise<void> | undefined
  const release = () => {
    released ??= client.query('COMMIT').then(() => client.release())
    return released
  }
  t.after(release)
  return release
}

/** Waits until a create is blocked. */
async function stalled() {
  await eventually(async () => {
    const rows = await prisma.$queryRaw<unknown[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    return rows.length > 0
  })
}

async function age(key: string, interval: string) {
  await prisma.$executeRaw`
    UPDATE idempotent_answer SET "createdAt" = now() - ${interval}::interval WHERE key = ${key}`
  await forgetOldAnswers(prisma)
}
