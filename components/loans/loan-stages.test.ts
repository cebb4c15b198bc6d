import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoanStatus, WireLoan } from '#server/protocol/loans.ts'
import { loanStages, loanTitle } from './loan-stages.ts'

test('What happened stands before what is to come, and the last of it is now', () => {
  assert.deepEqual(lines('submitted', 'verifying', 'credit-check', 'under-review'), [
    'done Submitted',
    'done Verifying',
    'done Credit check',
    'now Under review',
    'to-come Approved or declined',
    'to-come Paying out',
    'to-come Paid out',
  ])
})

test('A declined loan has nothing to come, a paid-out one is done', () => {
  assert.equal(lines('submitted', 'under-review', 'declined').at(-1), 'done Declined')
  assert.equal(lines('submitted', 'approved', 'paying-out', 'paid-out').at(-1), 'done Paid out')
})

test('A payout that failed and is tried again stands twice, each under its own key', () => {
  const tried = loan('submitted', 'approved', 'paying-out', 'failed', 'paying-out')
  const stages = loanStages(tried)
  assert.deepEqual(stages.map(({ state, title }) => `${state} ${title}`).slice(2), [
    'done Paying out',
    'failed Payout failed',
    'now Paying out',
    'to-come Paid out',
  ])
  assert.equal(new Set(stages.map(({ key }) => key)).size, stages.length)
})

test('The title reads as a sentence', () => {
  const title = (purpose: string) => loanTitle({ amountMinor: 1_850_000, currency: 'EUR', purpose })
  assert.equal(title('Heat pump'), '€18,500.00 for heat pump')
  assert.equal(title('a heat pump'), '€18,500.00 for a heat pump')
  assert.equal(title('EV charger'), '€18,500.00 for EV charger')
})

function lines(...statuses: LoanStatus[]): string[] {
  return loanStages(loan(...statuses)).map(({ state, title }) => `${state} ${title}`)
}

function loan(...statuses: LoanStatus[]): WireLoan {
  const stages = statuses.map((status, n) => ({ status, at: `2026-11-24T09:00:0${n}.000Z` }))
  return { stages, status: statuses.at(-1) } as WireLoan
}
