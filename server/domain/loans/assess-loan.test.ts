import assert from 'node:assert/strict'
import { test } from 'node:test'
import { historyReasons, incomeReasons, scoreOf } from './assess-loan.ts'

const points = (incomeMinor: number | null) =>
  incomeReasons({ amountMinor: 1_200_000, termMonths: 12, incomeMinor }).map((reason) => reason.points)

test('The smaller the share of the income that the instalment takes, the better', () => {
  assert.deepEqual(
    [1_000_000, 400_000, 200_000, 50_000, 0, null].map((income) => points(income)[0]),
    [30, 10, -20, -40, -40, -10],
  )
})

test('Loans that were repaid speak for the applicant, declined ones and failed payments against, within bounds', () => {
  const sum = (repaid: number, declined: number, failedPayments: number) =>
    historyReasons({ repaid, declined, failedPayments }).reduce((all, one) => all + one.points, 0)
  assert.equal(sum(0, 0, 0), 0)
  assert.equal(sum(1, 0, 0), 10)
  assert.equal(sum(9, 0, 0), 20)
  assert.equal(sum(0, 9, 9), -45)
})

test('A score is from 0 to 100', () => {
  assert.equal(scoreOf([]), 50)
  assert.equal(scoreOf([{ points: 90, text: '' }]), 100)
  assert.equal(scoreOf([{ points: -90, text: '' }]), 0)
})
