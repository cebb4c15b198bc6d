import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn, paidOut, pollUntil } from '#server/testing/loans.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { appOn, fileApp } from '#server/testing/test-app.ts'

/** The test locks a row until both requests wait for it, which may take a while. */
const settings = { STAGE_MS: '0', LOCK_TIMEOUT_MS: '30000' }
const app = await fileApp(settings)
const borrower = await signedInPerson(app)
const [ines, otto] = [await signedInPerson(app, 'officer'), await signedInPerson(app, 'officer')]
const decisionOf = ({ id }: WireLoan) => `/api/loans/${id}/decision`

test('Of two officers who decide at the same moment one wins, and the other is told what came of it.', async (t) => {
  const loan = await loanIn(borrower, 'under-review')
  // On two nodes: on a single one they would queue before reaching the row.
  const other = await appOn(t, app.databaseUrl, settings)
  const release = await lockRow(t, loan.id)
  const both = Promise.all([
    ines.send('POST', decisionOf(loan), { decision: 'approve', note: 'Sound' }),
    otto.via(other.port).send('POST', decisionOf(loan), { decision: 'decline', note: 'Too much' }),
  ])
  await waitingForLock(2)
  await release()
  const answers = await both
  const won = answers.find(({ status }) => status === 200)
  const lost = answers.find(({ status }) => status !== 200)
  assert.ok(won && lost)
  const decided = (await won.json()) as WireLoan
  const problem = await expectProblem(lost, 409, 'invalid-state')
  assert.equal(problem.state, decided.status)

  const page = (await (await ines.get(`/api/streams/loan:${loan.id}`)).json()) as WirePage
  const decisions = page.entries.filter(({ type }) => ['loan.approved', 'loan.declined'].includes(type))
  assert.deepEqual(
    decisions.map(({ type }) => type),
    [`loan.${decided.status}`],
  )
})

test('A declined loan is final: nothing can be done with it, and no next poll is advised.', async () => {
  const loan = await loanIn(borrower, 'under-review')
  const answer = await ines.send('POST', decisionOf(loan), {
    decision: 'decline',
    note: '  Too little income ',
  })
  assert.equal(answer.status, 200)
  const declined = (await answer.json()) as WireLoan
  assert.equal(declined.stages.at(-1)?.note, 'Too little income')

  const seen = await borrower.get(`/api/loans/${loan.id}`)
  assert.deepEqual(await seen.json(), declined)
  assert.equal(seen.headers.get('retry-after'), null)
  for (const decision of ['approve', 'decline', 'retry']) {
    await expectProblem(await ines.send('POST', decisionOf(loan), { decision }), 409, 'invalid-state')
  }
  const paid = await borrower.create(`/api/loans/${loan.id}/payments`, { amountMinor: 500 })
  await expectProblem(paid, 409, 'invalid-state')
})

test('A pay-out that the bank refuses fails, waits for an officer, and can be tried again.', async () => {
  const loan = await loanIn(borrower, 'under-review', { amountMinor: 1_000_013 })
  await expectProblem(await ines.send('POST', decisionOf(loan), { decision: 'retry' }), 409, 'invalid-state')
  await ines.send('POST', decisionOf(loan), { decision: 'approve' })
  const failed = await pollUntil(borrower, `/api/loans/${loan.id}`, (l: WireLoan) => l.status === 'failed')
  assert.match(failed.stages.at(-1)?.note ?? '', /bank refused/)
  const seen = await borrower.get(`/api/loans/${loan.id}`)
  assert.equal(seen.headers.get('retry-after'), '30')
  await seen.bytes()
  await expectProblem(
    await ines.send('POST', decisionOf(loan), { decision: 'approve' }),
    409,
    'invalid-state',
  )

  const retried = await otto.send('POST', decisionOf(loan), { decision: 'retry' })
  assert.equal(((await retried.json()) as WireLoan).status, 'paying-out')
  const paid = await pollUntil(borrower, `/api/loans/${loan.id}`, (l: WireLoan) => l.status === 'paid-out')
  assert.deepEqual(
    paid.stages.slice(-4).map(({ status }) => status),
    ['paying-out', 'failed', 'paying-out', 'paid-out'],
  )
})

test('Nobody decides on an application of their own.', async () => {
  const own = await loanIn(ines, 'under-review')
  const problem = await expectProblem(
    await ines.send('POST', decisionOf(own), { decision: 'approve' }),
    403,
    'forbidden',
  )
  assert.match(problem.detail ?? '', /of their own/)
  assert.equal((await otto.send('POST', decisionOf(own), { decision: 'approve' })).status, 200)
})

test('A customer decides nothing, in whatever state the loan is.', async () => {
  for (const loan of [await loanIn(borrower, 'under-review'), await paidOut(borrower, ines)]) {
    for (const decision of ['approve', 'decline', 'retry']) {
      await expectProblem(await borrower.send('POST', decisionOf(loan), { decision }), 403, 'forbidden')
    }
    const seen = (await (await borrower.get(`/api/loans/${loan.id}`)).json()) as WireLoan
    assert.deepEqual(seen, loan)
  }
})

test('An officer who was made a customer decides nothing any more.', async () => {
  const former = await signedInPerson(app, 'officer')
  const loan = await loanIn(borrower, 'under-review')
  assert.equal((await former.get(`/api/loans/${loan.id}`)).status, 200)
  await app.context.database.prisma.user.update({ where: { id: former.id }, data: { role: 'customer' } })
  await app.context.sessions.check()
  await expectProblem(await former.send('POST', decisionOf(loan), { decision: 'approve' }), 404, 'not-found')
})

/** Blocks everyone who would act on a loan, until it is released or the test ends. */
async function lockRow(t: TestContext, id: string): Promise<() => Promise<void>> {
  const client = await app.context.database.pool.connect()
  await client.query('BEGIN')
  await client.query('SELECT FROM loan WHERE id = $1 FOR UPDATE', [id])
  let released: Promise<void> | undefined
  const release = () => {
    released ??= client.query('COMMIT').then(() => client.release())
    return released
  }
  t.after(release)
  return release
}

async function waitingForLock(count: number) {
  await eventually(async () => {
    const rows = await app.context.database.prisma.$queryRaw<unknown[]>`
      SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
    return rows.length >= count
  })
}
