import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { paidOut } from '#server/testing/loans.ts'
import { application, signedInPerson } from '#server/testing/person.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const crowdSize = 40

test('The loans of one user do not hold up another’s: users take turns, however long a backlog is.', async (t) => {
  const { door, work } = await doorAndWorker(t)
  const [crowd, other] = [await signedInPerson(door), await signedInPerson(door)]
  for (let nth = 0; nth < crowdSize; nth += 1) {
    assert.equal((await crowd.create('/api/loans', application)).status, 201)
  }
  assert.equal((await other.create('/api/loans', application)).status, 201)

  await work()
  const { prisma } = door.context.database
  const before = await eventually(async () => {
    const [counted] = await prisma.$queryRaw<{ others: number; crowds: number }[]>`
      SELECT count(*) FILTER (WHERE "applicantId" = ${other.id})::int AS others,
        count(*) FILTER (WHERE "applicantId" = ${crowd.id})::int AS crowds
      FROM loan WHERE status = 'under-review'`
    return counted?.others === 1 && counted
  })
  assert.ok(before.crowds < crowdSize / 2, `${before.crowds} of the crowd's came first`)
  await eventually(
    async () => (await prisma.loan.count({ where: { status: 'under-review' } })) === crowdSize + 1,
  )
})

test('Nor do the payments of one user hold up another’s.', async (t) => {
  const { door, work } = await doorAndWorker(t)
  const officer = await signedInPerson(door, 'officer')
  const [crowd, other] = [await signedInPerson(door), await signedInPerson(door)]
  const worker = await work()
  const [crowds, others] = [await paidOut(crowd, officer), await paidOut(other, officer)]
  await worker.drain()
  for (let nth = 0; nth < crowdSize; nth += 1) {
    const paid = await crowd.create(`/api/loans/${crowds.id}/payments`, { amountMinor: 100 })
    assert.equal(paid.status, 201)
  }
  assert.equal((await other.create(`/api/loans/${others.id}/payments`, { amountMinor: 100 })).status, 201)

  await work()
  const { prisma } = door.context.database
  const before = await eventually(async () => {
    const [counted] = await prisma.$queryRaw<{ others: number; crowds: number }[]>`
      SELECT count(*) FILTER (WHERE "loanId" = ${others.id})::int AS others,
        count(*) FILTER (WHERE "loanId" = ${crowds.id})::int AS crowds
      FROM payment WHERE status = 'cleared'`
    return counted?.others === 1 && counted
  })
  assert.ok(before.crowds < crowdSize / 2, `${before.crowds} of the crowd's came first`)
  await eventually(
    async () => (await prisma.payment.count({ where: { status: 'cleared' } })) === crowdSize + 1,
  )
})

/**
 * A node that accepts requests but runs no jobs; `work()` starts another that does, by which time the waiting jobs are
 * due.
 */
async function doorAndWorker(t: TestContext) {
  const { url } = await testDatabase(t)
  const settings = { LOANS_PER_MINUTE: '1000', PAYMENTS_PER_MINUTE: '1000', STAGE_MS: '0' }
  const door = { ...(await appOn(t, url, { ...settings, ROLES: 'web,gateway' })), databaseUrl: url }
  return { door, work: () => appOn(t, url, { ...settings, ROLES: 'worker' }) }
}
