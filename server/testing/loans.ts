import assert from 'node:assert/strict'
import type { LoanStatus, WireLoan } from '#server/protocol/loans.ts'
import { application, type Person } from './person.ts'

/** Long-polls like a client, with the last tag, until `done`; returns that state. */
export async function pollUntil<T>(person: Person, path: string, done: (state: T) => boolean): Promise<T> {
  let tag: string | undefined
  for (;;) {
    const answer = await person.get(path, { prefer: 'wait=5', ...(tag && { 'if-none-match': tag }) })
    tag = answer.headers.get('etag') ?? undefined
    if (answer.status === 304) continue
    const text = await answer.text()
    assert.equal(answer.status, 200, text)
    const state = JSON.parse(text) as T
    if (done(state)) return state
  }
}

/** A loan of this person, once it has reached `status` automatically. */
export async function loanIn(
  person: Person,
  status: LoanStatus,
  changes: Partial<typeof application> = {},
): Promise<WireLoan> {
  const created = await person.create('/api/loans', { ...application, ...changes })
  assert.equal(created.status, 201)
  const { id } = (await created.json()) as WireLoan
  return pollUntil(person, `/api/loans/${id}`, (loan: WireLoan) => loan.status === status)
}

/** A loan approved by the officer and paid out. */
export async function paidOut(
  borrower: Person,
  officer: Person,
  changes: Partial<typeof application> = {},
): Promise<WireLoan> {
  const { id } = await loanIn(borrower, 'under-review', changes)
  const decided = await officer.send('POST', `/api/loans/${id}/decision`, { decision: 'approve' })
  assert.equal(decided.status, 200, await decided.text())
  return pollUntil(borrower, `/api/loans/${id}`, (loan: WireLoan) => loan.status === 'paid-out')
}
