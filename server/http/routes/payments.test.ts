import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan, WirePayment } from '#server/protocol/loans.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn, paidOut, pollUntil } from '#server/testing/loans.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const borrower = await signedInPerson(app)
const officer = await signedInPerson(app, 'officer')

test('A payment goes from pending to cleared, and lowers what is owed from the first moment.', async () => {
  const loan = await paidOut(borrower, officer)
  const created = await pay(loan, 25_000)
  assert.equal(created.status, 201)
  const payment = (await created.json()) as WirePayment
  assert.equal(created.headers.get('location'), `/api/payments/${payment.id}`)
  assert.deepEqual([payment.status, payment.loanId, payment.amountMinor], ['pending', loan.id, 25_000])
  const owed = ((await (await borrower.get(`/api/loans/${loan.id}`)).json()) as WireLoan).outstandingMinor
  assert.equal(owed, loan.outstandingMinor - 25_000)

  const cleared = await settled(payment, 'cleared')
  assert.equal(cleared.failure, undefined)
  const page = (await (
    await borrower.get(`/api/streams/loan:${loan.id}?after=${loan.cursor}`)
  ).json()) as WirePage
  assert.deepEqual(
    page.entries.map(({ type }) => type),
    ['payment.pending', 'payment.processing', 'payment.cleared'],
  )
  const after = await pollUntil(
    borrower,
    `/api/loans/${loan.id}`,
    (l: WireLoan) => l.payments[0]?.status === 'cleared',
  )
  assert.equal(after.outstandingMinor, owed)
  assert.deepEqual(after.payments, [cleared])
})

test('A payment that the bank refuses says why, and is owed again.', async () => {
  const loan = await paidOut(borrower, officer)
  const payment = (await (await pay(loan, 25_013)).json()) as WirePayment
  const failed = await settled(payment, 'failed')
  assert.match(failed.failure ?? '', /bank refused/)
  const after = await pollUntil(
    borrower,
    `/api/loans/${loan.id}`,
    (l: WireLoan) => l.payments[0]?.status === 'failed',
  )
  assert.equal(after.outstandingMinor, loan.outstandingMinor)
})

test('Nobody pays more than is owed, not even by two payments at once.', async () => {
  const loan = await paidOut(borrower, officer, { amountMinor: 10_000, termMonths: 6 })
  const problem = await expectProblem(await pay(loan, loan.outstandingMinor + 1), 422, 'validation')
  assert.deepEqual(
    problem.errors?.map(({ pointer }) => pointer),
    ['/amountMinor'],
  )
  const answers = await Promise.all(Array.from({ length: 4 }, () => pay(loan, loan.outstandingMinor)))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 422, 422, 422])
  const paid = await pollUntil(
    borrower,
    `/api/loans/${loan.id}`,
    (l: WireLoan) => l.payments[0]?.status === 'cleared',
  )
  assert.equal(paid.outstandingMinor, 0)
  await expectProblem(await pay(loan, 1), 422, 'validation')
})

test('Nothing is paid before the pay-out, and by nobody but the borrower.', async () => {
  const early = await loanIn(borrower, 'under-review')
  const problem = await expectProblem(await pay(early, 500), 409, 'invalid-state')
  assert.equal(problem.state, 'under-review')
  const loan = await paidOut(borrower, officer)
  await expectProblem(await pay(loan, 500, officer), 403, 'forbidden')
  await expectProblem(await pay(loan, 500, await signedInPerson(app)), 404, 'not-found')
  assert.deepEqual(((await (await borrower.get(`/api/loans/${loan.id}`)).json()) as WireLoan).payments, [])
})

test('LP4 A payment’s tag holds while others move, and a held poll of it waits on.', async () => {
  const loan = await paidOut(borrower, officer)
  const first = (await (await pay(loan, 700)).json()) as WirePayment
  await settled(first, 'cleared')
  const path = `/api/payments/${first.id}`
  const tag = (await borrower.get(path)).headers.get('etag') ?? ''
  const held = borrower.get(path, { prefer: 'wait=20', 'if-none-match': tag })
  await eventually(() => app.context.heldRequests.size >= 1)

  const second = (await (await pay(loan, 800)).json()) as WirePayment
  assert.notEqual(second.cursor, first.cursor)
  // A fence: when this one has cleared, the loan's stream has moved three times.
  await settled(second, 'cleared')
  assert.equal((await borrower.get(path, { 'if-none-match': tag })).status, 304)
  assert.equal(app.context.heldRequests.size, 1)
  app.context.heldRequests.drain()
  const answer = await held
  assert.equal(answer.status, 304)
  assert.equal(answer.headers.get('etag'), tag)
})

function pay(loan: WireLoan, amountMinor: number, person: Person = borrower): Promise<Response> {
  return person.create(`/api/loans/${loan.id}/payments`, { amountMinor })
}

function settled({ id }: WirePayment, status: WirePayment['status']): Promise<WirePayment> {
  return pollUntil(borrower, `/api/payments/${id}`, (payment: WirePayment) => payment.status === status)
}
