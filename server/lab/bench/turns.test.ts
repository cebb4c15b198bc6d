import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Column, comparisonTable, inTurns, spread, type Turns, turnsTable } from './turns.ts'

const columns: Column<{ ms: number; lost: number }>[] = [
  { head: 'time', of: ({ ms }) => ms, digits: 1, unit: 'ms', compared: true },
  { head: 'lost', of: ({ lost }) => lost, isFault: true },
]
const turn = (ms: number, lost = 0) => ({ figures: { ms, lost }, others: 0.25 })
const measured: Turns<{ ms: number; lost: number }> = {
  wireside: [turn(10, 1), turn(30), turn(20, 2)],
  bare: [turn(20), turn(20), turn(20)],
}

test('Arms are measured in turns, one after the other', async () => {
  const order: string[] = []
  const arm = (name: string) => async () => order.push(name)
  const turns = await inTurns({ ours: arm('ours'), theirs: arm('theirs') }, 2)
  assert.deepEqual(order, ['ours', 'theirs', 'ours', 'theirs'])
  assert.deepEqual(
    turns.theirs.map(({ figures }) => figures),
    [2, 4],
  )
})

test('A row has the median and the range of each figure, and all faults', () => {
  const [, , ours, bare] = turnsTable(measured, columns).split('\n')
  assert.equal(ours, '| wireside | 20.0 ms (10.0–30.0) | 3 | 25 % (25–25) |')
  assert.equal(bare, '| bare | 20.0 ms (20.0–20.0) | 0 | 25 % (25–25) |')
})

test('Arms are compared turn by turn, not median by median', () => {
  const drifting: Turns<{ ms: number; lost: number }> = {
    wireside: [turn(10), turn(20), turn(90)],
    bare: [turn(10), turn(40), turn(90)],
  }
  assert.equal(comparisonTable(drifting, columns).split('\n')[2], '| bare | 1.00 × (0.50–1.00) |')
})

test('A figure of one turn has no range, and one that was not measured is a dash', () => {
  assert.equal(spread([1_234.5], 1, 'ms'), '1,234.5 ms')
  assert.equal(spread([Number.NaN], 1, 'ms'), '—')
  assert.equal(spread([1, Number.NaN, 3], 0, '%'), '2 % (1–3)')
})
