import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan, WireLoanList } from '#server/protocol/loans.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const { prisma } = app.context.database
const officer = await signedInPerson(app, 'officer')

test('Pages hold every loan once, newest first, also when more are made while one turns them.', async () => {
  const borrower = await signedInPerson(app)
  const ids = await submit(borrower, 45)
  const first = await list(borrower)
  assert.equal(first.items.length, 20)
  await submit(borrower, 3)
  assert.deepEqual(idsOf([first, ...(await rest(borrower, first))]), ids.toReversed())
})

test('Loans of the same moment are paged by their ids.', async () => {
  const borrower = await signedInPerson(app)
  const ids = await submit(borrower, 41)
  await prisma.loan.updateMany({ where: { applicantId: borrower.id }, data: { createdAt: new Date() } })
  const first = await list(borrower)
  assert.deepEqual(idsOf([first, ...(await rest(borrower, first))]), ids.toSorted().reverse())
})

test('Exactly a page has no next one, and neither has nothing.', async () => {
  const borrower = await signedInPerson(app)
  assert.deepEqual(await list(borrower), { items: [], nextBefore: null })
  await submit(borrower, 20)
  const { items, nextBefore } = await list(borrower)
  assert.deepEqual([items.length, nextBefore], [20, null])
})

test('An officer may ask for one status, and gets everybody’s.', async () => {
  const [ada, bo] = [await signedInPerson(app), await signedInPerson(app)]
  const waiting = [await loanIn(ada, 'under-review'), await loanIn(bo, 'under-review')]
  const declined = await loanIn(ada, 'under-review')
  await officer.send('POST', `/api/loans/${declined.id}/decision`, { decision: 'decline' })
  const { items } = await list(officer, '?status=under-review')
  assert.ok(items.every(({ status }) => status === 'under-review'))
  assert.deepEqual(
    items.slice(0, 2).map(({ id }) => id),
    waiting.map(({ id }) => id).reverse(),
  )
  assert.ok(!items.some(({ id }) => id === declined.id))
})

test('An item of a list is the loan as its own page shows it, with the cursor to resume from.', async () => {
  const borrower = await signedInPerson(app)
  const { id } = await loanIn(borrower, 'under-review')
  const answer = await borrower.get('/api/loans')
  assert.equal(answer.headers.get('cache-control'), 'private, no-cache')
  const [item] = ((await answer.json()) as WireLoanList).items
  assert.deepEqual(item, await (await borrower.get(`/api/loans/${id}`)).json())
  assert.equal((await borrower.get(`/api/streams/loan:${id}?after=${item?.cursor}`)).status, 200)
})

/** Submits loans one after the other; returns their ids in that order. */
async function submit(person: Person, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let nth = 0; nth < count; nth += 1) {
    const answer = await person.create('/api/loans', application)
    ids.push(((await answer.json()) as WireLoan).id)
  }
  return ids
}

async function list(person: Person, query = ''): Promise<WireLoanList> {
  return (await (await person.get(`/api/loans${query}`)).json()) as WireLoanList
}

async function rest(person: Person, { nextBefore }: WireLoanList): Promise<WireLoanList[]> {
  if (nextBefore === null) return []
  const page = await list(person, `?before=${nextBefore}`)
  return [page, ...(await rest(person, page))]
}

function idsOf(pages: WireLoanList[]): string[] {
  return pages.flatMap(({ items }) => items.map(({ id }) => id))
}
