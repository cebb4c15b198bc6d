import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoan } from '#server/protocol/loans.ts'
import { application, type Person, signedInPerson } from '#server/testing/person.ts'
import { testApp } from '#server/testing/test-app.ts'

const still = { STAGE_MS: '3600000' }

test('A poll that changes nothing is answered before the router as the router would answer it', async (t) => {
  const app = await testApp(t, still)
  const borrower = await signedInPerson(app)
  const { id } = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
  const first = await borrower.get(`/api/loans/${id}`)
  const tag = first.headers.get('etag') ?? ''

  const short = await borrower.get(`/api/loans/${id}`, { 'if-none-match': tag })
  // A query string is enough to bypass the fast path.
  const long = await borrower.get(`/api/loans/${id}?x=1`, { 'if-none-match': tag })
  assert.equal(short.status, 304)
  assert.equal(long.status, 304)
  assert.equal(short.headers.get('x-powered-by'), null)
  for (const name of ['etag', 'cache-control', 'vary', 'retry-after']) {
    assert.equal(short.headers.get(name), long.headers.get(name), name)
  }
  assert.match(short.headers.get('x-request-id') ?? '', /^r-/)
  assert.equal(long.headers.get('content-security-policy') === null, false, 'It went through the router')
  assert.equal(short.headers.get('content-security-policy'), null, 'It did not')
})

test('The short way is taken by nobody who may not see the loan, nor after it has changed', async (t) => {
  const app = await testApp(t, { STAGE_MS: '20' })
  const [borrower, officer] = [await signedInPerson(app), await signedInPerson(app, 'officer')]
  const stranger = await signedInPerson(app)
  const { id } = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
  const tag = await settledTag(borrower, id)

  const path = `/api/loans/${id}`
  assert.equal((await borrower.get(path, { 'if-none-match': tag })).status, 304)
  assert.equal((await stranger.get(path, { 'if-none-match': tag })).status, 404)
  assert.equal((await officer.get(path, { 'if-none-match': tag })).status, 200, 'a tag of another viewer')
  await officer.send('POST', `${path}/decision`, { decision: 'decline' })
  assert.equal((await borrower.get(path, { 'if-none-match': tag })).status, 200)
  await borrower.send('POST', '/api/auth/sign-out', {})
  assert.equal((await borrower.get(path, { 'if-none-match': tag })).status, 401)
})

/** The ETag of the loan once it waits for an officer. */
async function settledTag(borrower: Person, id: string): Promise<string> {
  for (let tag = ''; ; ) {
    const answer = await borrower.get(`/api/loans/${id}`, {
      prefer: 'wait=5',
      ...(tag && { 'if-none-match': tag }),
    })
    tag = answer.headers.get('etag') ?? ''
    if (answer.status === 200 && ((await answer.json()) as WireLoan).status === 'under-review') return tag
  }
}
