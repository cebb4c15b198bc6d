import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advanceLoan } from '#server/domain/loans/loan-jobs.ts'
import type { WireLoan } from '#server/protocol/loans.ts'
import { loanIn, paidOut } from '#server/testing/loans.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { notificationsOf } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const [nora, sam] = [await signedInPerson(app), await signedInPerson(app)]
const officer = await signedInPerson(app, 'officer')
const withdrawalOf = ({ id }: Pick<WireLoan, 'id'>) => `/api/loans/${id}/withdrawal`

test('R3 An applicant withdraws before the decision: final, once, and nothing more happens by itself.', async () => {
  const loan = await loanIn(nora, 'under-review')
  const answers = await Promise.all([1, 2, 3].map(() => nora.send('POST', withdrawalOf(loan))))
  for (const answer of answers) {
    assert.equal(answer.status, 200)
    assert.equal(((await answer.json()) as WireLoan).status, 'withdrawn')
  }
  const seen = await nora.get(`/api/loans/${loan.id}`)
  const withdrawn = (await seen.json()) as WireLoan
  assert.equal(seen.headers.get('retry-after'), null)
  assert.equal(withdrawn.stages.filter(({ status }) => status === 'withdrawn').length, 1)

  await advanceLoan(app.context.loanDeps, loan.id, 'under-review')
  for (const decision of ['approve', 'decline', 'retry']) {
    const refused = await officer.send('POST', `/api/loans/${loan.id}/decision`, { decision })
    const { state } = await expectProblem(refused, 409, 'invalid-state')
    assert.equal(state, 'withdrawn')
  }
  assert.deepEqual(await (await nora.get(`/api/loans/${loan.id}`)).json(), withdrawn)
  const { items } = await notificationsOf(nora)
  assert.ok(!items.some(({ data }) => 'status' in data && data.status === 'withdrawn'))
})

test('R3 A step that was due when the application was withdrawn does nothing.', async () => {
  const created = await nora.create('/api/loans', {
    amountMinor: 500_000,
    currency: 'EUR',
    purpose: 'a boat',
    termMonths: 12,
  })
  const { id } = (await created.json()) as WireLoan
  const answer = await nora.send('POST', withdrawalOf({ id }))
  assert.equal(answer.status, 200)
  const { stages } = (await answer.json()) as WireLoan
  for (const from of ['submitted', 'verifying', 'credit-check'] as const) {
    await advanceLoan(app.context.loanDeps, id, from)
  }
  const seen = (await (await nora.get(`/api/loans/${id}`)).json()) as WireLoan
  assert.deepEqual(seen.stages, stages)
})

test('R3 A withdrawal and a decision at the same moment: one of them wins.', async () => {
  const loan = await loanIn(nora, 'under-review')
  const [withdrawal, decision] = await Promise.all([
    nora.send('POST', withdrawalOf(loan)),
    officer.send('POST', `/api/loans/${loan.id}/decision`, { decision: 'decline' }),
  ])
  assert.deepEqual([withdrawal.status, decision.status].toSorted(), [200, 409])
  const { status, stages } = (await (await nora.get(`/api/loans/${loan.id}`)).json()) as WireLoan
  assert.equal(status, withdrawal.status === 200 ? 'withdrawn' : 'declined')
  assert.equal(stages.filter((one) => one.status === 'withdrawn' || one.status === 'declined').length, 1)
})

test('R3 Nobody withdraws what is decided, or is another’s.', async () => {
  const paid = await paidOut(nora, officer)
  const { state } = await expectProblem(await nora.send('POST', withdrawalOf(paid)), 409, 'invalid-state')
  assert.equal(state, 'paid-out')
  const open = await loanIn(nora, 'under-review')
  await expectProblem(await sam.send('POST', withdrawalOf(open)), 404, 'not-found')
  await expectProblem(await officer.send('POST', withdrawalOf(open)), 403, 'forbidden')
  await expectProblem(await nora.send('POST', withdrawalOf({ id: 'L-0000000000' })), 404, 'not-found')
  assert.equal(((await (await nora.get(`/api/loans/${open.id}`)).json()) as WireLoan).status, 'under-review')
})
