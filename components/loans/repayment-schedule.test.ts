import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repaymentSchedule } from './repayment-schedule.ts'

const loan = (outstandingMinor: number, at = '2026-01-31T12:00:00.000Z') => ({
  stages: [{ status: 'paid-out' as const, at }],
  termMonths: 4,
  instalmentMinor: 1_000,
  outstandingMinor,
})

test('An instalment is due each month on the day of the payout, or on the last of a shorter month', () => {
  const days = repaymentSchedule(loan(4_000)).map(({ dueAt }) => dueAt.toISOString().slice(0, 10))
  assert.deepEqual(days, ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31'])
  const [first] = repaymentSchedule(loan(4_000, '2027-12-31T23:00:00.000Z'))
  assert.equal(first?.dueAt.toISOString(), '2028-01-31T23:00:00.000Z')
})

test('What was repaid counts towards the oldest instalments, a part of one included', () => {
  const repaid = (outstanding: number) => repaymentSchedule(loan(outstanding)).map((one) => one.repaidMinor)
  assert.deepEqual(repaid(4_000), [0, 0, 0, 0])
  assert.deepEqual(repaid(2_500), [1_000, 500, 0, 0])
  assert.deepEqual(repaid(0), [1_000, 1_000, 1_000, 1_000])
})

test('Before the payout there is no schedule', () => {
  assert.deepEqual(
    repaymentSchedule({ ...loan(4_000), stages: [{ status: 'approved', at: '2026-01-31T12:00:00.000Z' }] }),
    [],
  )
})
