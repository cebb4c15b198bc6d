import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireAssessment, WireLoan, WireLoanList } from '#server/protocol/loans.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn, paidOut } from '#server/testing/loans.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { notificationsOf } from '#server/testing/posts.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const borrower = await signedInPerson(app)
const [ines, otto] = [await signedInPerson(app, 'officer'), await signedInPerson(app, 'officer')]
const caseOf = ({ id }: WireLoan) => `/api/loans/${id}/case`
const decisionOf = ({ id }: WireLoan) => `/api/loans/${id}/decision`

test('R4 A case that an officer has taken is decided by no other until it is given back.', async () => {
  const loan = await loanIn(borrower, 'under-review')
  const taken = (await (await ines.send('PUT', caseOf(loan))).json()) as WireLoan
  assert.equal(taken.officer?.id, ines.id)
  assert.equal((await ines.send('PUT', caseOf(loan))).status, 200)
  const refusals = [
    await otto.send('PUT', caseOf(loan)),
    await otto.send('POST', decisionOf(loan), { decision: 'approve' }),
  ]
  for (const refusal of refusals) {
    const { detail, state } = await expectProblem(refusal, 409, 'invalid-state')
    assert.match(detail ?? '', /has taken this case/)
    assert.equal(state, 'under-review')
  }
  const released = (await (await otto.send('DELETE', caseOf(loan))).json()) as WireLoan
  assert.equal(released.officer, undefined)
  assert.equal((await otto.send('DELETE', caseOf(loan))).status, 200)
  assert.equal((await otto.send('POST', decisionOf(loan), { decision: 'decline' })).status, 200)

  const { entries } = (await (await ines.get(`/api/streams/loan:${loan.id}`)).json()) as WirePage
  assert.deepEqual(
    entries.map(({ type }) => type).filter((type) => type.startsWith('case.')),
    ['case.taken', 'case.released'],
  )
})

test('R4 Of two officers who take a case at the same moment one has it.', async () => {
  const loan = await loanIn(borrower, 'under-review')
  const answers = await Promise.all([ines.send('PUT', caseOf(loan)), otto.send('PUT', caseOf(loan))])
  assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409])
  const seen = (await (await borrower.get(`/api/loans/${loan.id}`)).json()) as WireLoan
  assert.equal(seen.officer?.id, answers[0]?.status === 200 ? ines.id : otto.id)
})

test('R4 Only officers have cases, none of their own, and only while something is to be decided.', async () => {
  const loan = await loanIn(borrower, 'under-review')
  for (const method of ['PUT', 'DELETE']) {
    await expectProblem(await borrower.send(method, caseOf(loan)), 403, 'forbidden')
  }
  const own = await loanIn(ines, 'under-review')
  await expectProblem(await ines.send('PUT', caseOf(own)), 403, 'forbidden')
  const paid = await paidOut(borrower, ines)
  await expectProblem(await ines.send('PUT', caseOf(paid)), 409, 'invalid-state')
})

test('R5 An officer sees what speaks for a loan and against it, a borrower does not.', async () => {
  const nora = await signedInPerson(app)
  const before = await paidOut(nora, ines)
  const loan = await loanIn(nora, 'under-review', { incomeMinor: 1_000_000 })
  const path = `/api/loans/${loan.id}/assessment`
  const assessment = (await (await ines.get(path)).json()) as WireAssessment
  assert.deepEqual(
    assessment.history.loans.map(({ id }) => id),
    [before.id],
  )
  assert.equal(assessment.history.repaid, 0)
  assert.match(assessment.reasons[0]?.text ?? '', /% of the income/)
  assert.equal(
    assessment.score,
    assessment.reasons.reduce((sum, { points }) => sum + points, 50),
  )
  await expectProblem(await nora.get(path), 403, 'forbidden')
  await expectProblem(await borrower.get(path), 404, 'not-found')
})

test('R5 An income that cannot be one is refused, and none is as before.', async () => {
  for (const incomeMinor of [-1, 1.5, 100_000_001, '3000', null]) {
    const body = { amountMinor: 500_000, currency: 'EUR', purpose: 'a boat', termMonths: 12, incomeMinor }
    await expectProblem(await borrower.create('/api/loans', body), 422, 'validation')
  }
  const loan = await loanIn(borrower, 'under-review')
  assert.ok(!('incomeMinor' in loan))
})

test('R6 An officer finds loans by their id, and by their borrower’s handle or name.', async () => {
  const [ada, bo] = [await signedInPerson(app), await signedInPerson(app)]
  const rename = (id: string, name: string, handle: string) =>
    app.context.database.prisma.user.update({ where: { id }, data: { name, handle } })
  await rename(ada.id, 'Ada Lovelace', 'ada-lovelace')
  await rename(bo.id, 'Bo Adamson', 'bo-adamson')
  const [adas, bos] = [await loanIn(ada, 'under-review'), await loanIn(bo, 'under-review')]
  const found = async (query: string) => {
    const answer = await ines.get(`/api/loans?${query}`)
    return ((await answer.json()) as WireLoanList).items.map(({ id }) => id)
  }
  assert.deepEqual(await found(`q=${adas.id.toLowerCase()}`), [adas.id])
  assert.deepEqual(await found('q=ada'), [bos.id, adas.id])
  assert.deepEqual(await found('q=lovel'), [adas.id])
  assert.deepEqual(await found('q=bo&status=under-review'), [bos.id])
  assert.deepEqual(await found('q=bo&status=declined'), [])
  for (const q of ['%25', 'a_b', '', 'x'.repeat(41)]) {
    await expectProblem(await ines.get(`/api/loans?q=${q}`), 400, 'invalid-parameter')
  }
  await expectProblem(await ada.get('/api/loans?q=bo'), 403, 'forbidden')
})

test('N11 Officers are notified of an application that comes under review, once, and not of their own.', async () => {
  const [mia, leo] = [await signedInPerson(app, 'officer'), await signedInPerson(app, 'officer')]
  const applications = async (officer: typeof mia) =>
    (await notificationsOf(officer)).items.filter(({ kind }) => kind === 'application')
  const loan = await loanIn(mia, 'under-review')
  await eventually(async () => (await applications(leo)).length === 1)
  const [notice] = await applications(leo)
  assert.ok(notice?.kind === 'application')
  assert.deepEqual(notice.data.loanId, loan.id)
  assert.equal(notice.data.by.id, mia.id)
  assert.deepEqual(await applications(mia), [])
  assert.deepEqual(
    (await notificationsOf(borrower)).items.filter(({ kind }) => kind === 'application'),
    [],
  )
})
