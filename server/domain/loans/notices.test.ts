import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan, WirePayment } from '#server/protocol/loans.ts'
import { loanIn, paidOut, pollUntil } from '#server/testing/loans.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { notificationsOf, ownEntries } from '#server/testing/posts.ts'
import { fileApp } from '#server/testing/test-app.ts'
import { advanceLoan, advancePayment } from './loan-jobs.ts'

const app = await fileApp({ STAGE_MS: '0' })
const officer = await signedInPerson(app, 'officer')

test('N7: the applicant is told of the review, the decision, the pay-out and how a payment ended, and of nothing else.', async () => {
  const borrower = await signedInPerson(app)
  const loan = await paidOut(borrower, officer)
  const paid = await borrower.create(`/api/loans/${loan.id}/payments`, { amountMinor: 1_013 })
  const { id } = (await paid.json()) as WirePayment
  await pollUntil(borrower, `/api/payments/${id}`, (payment: WirePayment) => payment.status === 'failed')
  const { items, unread } = await notificationsOf(borrower)
  assert.equal(unread, 4)
  assert.deepEqual(
    items.toReversed().map(({ kind, data }) => ({ kind, data })),
    [
      { kind: 'loan', data: { loanId: loan.id, status: 'under-review' } },
      { kind: 'loan', data: { loanId: loan.id, status: 'approved' } },
      { kind: 'loan', data: { loanId: loan.id, status: 'paid-out' } },
      {
        kind: 'payment',
        data: { loanId: loan.id, paymentId: id, status: 'failed', amountMinor: 1_013, currency: 'EUR' },
      },
    ],
  )
})

test('N7: a refusal is told with its note, a failed pay-out with its reason, a second one again.', async () => {
  const borrower = await signedInPerson(app)
  const loan = await loanIn(borrower, 'under-review', { amountMinor: 1_000_013 })
  await officer.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'approve' })
  await pollUntil(borrower, `/api/loans/${loan.id}`, (seen: WireLoan) => seen.status === 'failed')
  await officer.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'retry' })
  await pollUntil(borrower, `/api/loans/${loan.id}`, (seen: WireLoan) => seen.status === 'paid-out')
  const other = await loanIn(borrower, 'under-review')
  await officer.send('POST', `/api/loans/${other.id}/decision`, { decision: 'decline', note: 'Too much' })
  const { items } = await notificationsOf(borrower)
  const told = items.toReversed().map(({ data }) => data as { status: string; note?: string })
  assert.deepEqual(
    told.map(({ status }) => status),
    ['under-review', 'approved', 'failed', 'paid-out', 'under-review', 'declined'],
  )
  assert.match(told[2]?.note ?? '', /bank refused/)
  assert.equal(told[5]?.note, 'Too much')
})

test('W3: a step that is run again, also at the same moment, tells nothing again.', async () => {
  const borrower = await signedInPerson(app)
  const loan = await paidOut(borrower, officer)
  const paid = await borrower.create(`/api/loans/${loan.id}/payments`, { amountMinor: 500 })
  const { id } = (await paid.json()) as WirePayment
  await pollUntil(borrower, `/api/payments/${id}`, (payment: WirePayment) => payment.status === 'cleared')
  const before = await ownEntries(borrower)
  const { loanDeps: deps } = app.context
  await Promise.all(
    Array.from({ length: 6 }, () => [
      advanceLoan(deps, loan.id, 'credit-check'),
      advanceLoan(deps, loan.id, 'paying-out'),
      advancePayment(deps, loan.id, id, 'processing'),
    ]).flat(),
  )
  assert.deepEqual(await ownEntries(borrower), before)
})
