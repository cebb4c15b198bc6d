import { expect } from '@playwright/test'
import { application, type Person } from '#server/testing/person.ts'
import type { LoanStatus, WireLoan } from '../server/protocol/loans.ts'

/**
 * Applies as `borrower`, approves as `officer` and waits for the payout, all through the API. Returns the loan's id.
 */
export async function paidOutLoanOf(borrower: Person, officer: Person): Promise<string> {
  const { id } = (await (await borrower.create('/api/loans', application)).json()) as WireLoan
  await reached(borrower, id, 'under-review')
  const decided = await officer.send('POST', `/api/loans/${id}/decision`, { decision: 'approve' })
  expect(decided.status, await decided.text()).toBeLessThan(300)
  await reached(borrower, id, 'paid-out')
  return id
}

async function reached(person: Person, id: string, status: LoanStatus) {
  const read = async () => ((await (await person.get(`/api/loans/${id}`)).json()) as WireLoan).status
  await expect.poll(read, { intervals: [100], timeout: 15_000 }).toBe(status)
}
