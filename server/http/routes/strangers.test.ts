import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireLoanList, WirePayment } from '#server/protocol/loans.ts'
import { loanIn, paidOut } from '#server/testing/loans.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { fileApp } from '#server/testing/test-app.ts'

const app = await fileApp({ STAGE_MS: '0' })
const owner = await signedInPerson(app)
const stranger = await signedInPerson(app)
const officer = await signedInPerson(app, 'officer')
const loan = await paidOut(owner, officer)
const paid = await owner.create(`/api/loans/${loan.id}/payments`, { amountMinor: 500 })
const payment = (await paid.json()) as WirePayment
const nothing = { loan: 'L-0000000000', payment: 'P-0000000000' }

/** What a stranger may try with someone else's loan or payment. */
const tries: [what: string, ask: (person: Person, ids: typeof nothing) => Promise<Response>][] = [
  ['reading the loan', (person, ids) => person.get(`/api/loans/${ids.loan}`)],
  [
    'waiting for the loan',
    (person, ids) => person.get(`/api/loans/${ids.loan}`, { prefer: 'wait=25', 'if-none-match': '*' }),
  ],
  ['reading the payment', (person, ids) => person.get(`/api/payments/${ids.payment}`)],
  ['reading the stream', (person, ids) => person.get(`/api/streams/loan:${ids.loan}`)],
  [
    'following the stream',
    (person, ids) => person.get(`/api/streams/loan:${ids.loan}?after=now`, { prefer: 'wait=25' }),
  ],
  ['asking with a forged cursor', (person, ids) => person.get(`/api/streams/loan:${ids.loan}?after=zzzz.9`)],
  ['paying', (person, ids) => person.create(`/api/loans/${ids.loan}/payments`, { amountMinor: 1 })],
  [
    'deciding',
    (person, ids) => person.send('POST', `/api/loans/${ids.loan}/decision`, { decision: 'approve' }),
  ],
]

for (const [what, ask] of tries) {
  test(`${what}: what is somebody else's answers, to the byte, as what does not exist.`, async () => {
    const theirs = await ask(stranger, { loan: loan.id, payment: payment.id })
    const nobodys = await ask(stranger, nothing)
    const [own, none] = [theirs.clone(), nobodys.clone()]
    await expectProblem(theirs, 404, 'not-found')
    await expectProblem(nobodys, 404, 'not-found')
    assert.equal(await anonymous(own), await anonymous(none))
    assert.deepEqual(headersOf(own), headersOf(none))
  })
}

test('Another user’s own streams do not exist either.', async () => {
  for (const stream of [
    `user:${owner.id}`,
    `account:${owner.id}`,
    'user:nobody',
    'account:nobody',
    'room:1',
    'lab:1',
  ]) {
    await expectProblem(await stranger.get(`/api/streams/${stream}`), 404, 'not-found')
  }
  for (const stream of ['me', 'account', `user:${stranger.id}`]) {
    assert.equal((await stranger.get(`/api/streams/${stream}`)).status, 200)
  }
})

test('A list holds the caller’s own loans; an officer sees all.', async () => {
  const mine = await loanIn(stranger, 'under-review')
  const ids = async (person: Person) => {
    const list = (await (await person.get('/api/loans')).json()) as WireLoanList
    return list.items.map(({ id }) => id)
  }
  assert.deepEqual(await ids(stranger), [mine.id])
  assert.deepEqual(await ids(owner), [loan.id])
  assert.deepEqual(await ids(officer), [mine.id, loan.id])
})

test('A forged, cut or stale session cookie is no session.', async () => {
  const [name = '', value = ''] = owner.cookie.split('=')
  const signed = decodeURIComponent(value)
  const token = signed.slice(0, signed.indexOf('.'))
  const forged = [
    token,
    `${token}.`,
    `${token}.AAAA`,
    `${signed}x`,
    signed.slice(1),
    `${token}x.${signed.slice(token.length + 1)}`,
    '.',
    '',
    '%',
    '%00',
    '%ff',
    '"',
    `${'x'.repeat(6_000)}.y`,
    '__proto__',
    'undefined',
  ]
  for (const cookie of forged) {
    for (const sent of [`${name}=${encodeURIComponent(cookie)}`, `${name}=${cookie}`]) {
      await expectProblem(await ask(sent), 401, 'unauthenticated')
    }
  }
  const guest = await signedInPerson(app)
  assert.equal((await ask(guest.cookie)).status, 200)
  await guest.send('POST', '/api/auth/sign-out', {})
  await expectProblem(await ask(guest.cookie), 401, 'unauthenticated')
})

function ask(cookie: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${app.port}/api/loans`, { headers: { cookie } })
}

/** A problem's text without the ids of the request and the resource. */
async function anonymous(answer: Response): Promise<string> {
  return (await answer.text())
    .replaceAll(/[LP]-[0-9A-Z]{10}/g, 'ID')
    .replace(answer.headers.get('x-request-id') ?? '', 'REQUEST')
}

function headersOf(answer: Response): [string, string][] {
  return [...answer.headers].filter(([name]) => name !== 'x-request-id' && name !== 'date')
}
