import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan, WirePayment } from '#server/protocol/loans.ts'
import { pollUntil } from '#server/testing/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { testApp } from '#server/testing/test-app.ts'

test('A loan goes from application to repayment, polled all the way', async (t) => {
  const app = await testApp(t)
  const [borrower, officer] = [await signedInPerson(app), await signedInPerson(app, 'officer')]

  const created = await borrower.create('/api/loans', application)
  assert.equal(created.status, 201)
  const { id, status } = (await created.json()) as WireLoan
  assert.equal(created.headers.get('location'), `/api/loans/${id}`)
  assert.equal(status, 'submitted')

  await pollUntil(borrower, `/api/loans/${id}`, (loan: WireLoan) => loan.status === 'under-review')
  const decided = await officer.send('POST', `/api/loans/${id}/decision`, {
    decision: 'approve',
    note: 'Fine',
  })
  assert.equal(decided.status, 200)
  const paidOut = await pollUntil(
    borrower,
    `/api/loans/${id}`,
    (loan: WireLoan) => loan.status === 'paid-out',
  )
  assert.deepEqual(
    paidOut.stages.map((stage) => stage.status),
    ['submitted', 'verifying', 'credit-check', 'under-review', 'approved', 'paying-out', 'paid-out'],
  )

  const paid = await borrower.create(`/api/loans/${id}/payments`, { amountMinor: 25_000 })
  assert.equal(paid.status, 201)
  const payment = (await paid.json()) as WirePayment
  const cleared = await pollUntil(
    borrower,
    `/api/payments/${payment.id}`,
    (p: WirePayment) => p.status === 'cleared',
  )
  assert.equal(cleared.amountMinor, 25_000)

  const entries = await borrower.get(`/api/streams/loan:${id}`)
  const page = (await entries.json()) as { entries: { seq: number; type: string }[]; more: boolean }
  assert.deepEqual(
    page.entries.map((entry) => entry.seq),
    page.entries.map((_, index) => index + 1),
  )
  assert.equal(page.entries.at(-1)?.type, 'payment.cleared')
})
