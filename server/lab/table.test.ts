import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { RunReport } from '#server/protocol/lab-report.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { nothingLost, tableOf } from './table.ts'

/** The shipped reference run. */
function report(): RunReport {
  const run: WireRun = JSON.parse(readFileSync('public/reference-run.json', 'utf8'))
  assert.ok(run.outcome?.kind === 'scenario')
  return run.outcome.report
}

test('The table has a row for each delivery, as Markdown', () => {
  const [head = '', rule = '', ...rows] = tableOf(report()).split('\n')
  assert.deepEqual(
    rows.map((row) => row.split('|')[1]?.trim()),
    deliveryNames,
  )
  assert.ok([rule, ...rows].every((row) => row.length === head.length))
})

test('A run is kept when every client had everything once; one loss, delay, repeat, swap or other text is none', () => {
  assert.equal(nothingLost(report()), true)
  for (const lane of deliveryNames) {
    for (const fault of ['lost', 'late', 'repeated', 'outOfOrder', 'altered'] as const) {
      const faulty = report()
      faulty.lanes[lane].ledger[fault] = 1
      assert.equal(nothingLost(faulty), false, `${lane}: ${fault}`)
    }
  }
})

test('What the naive client lost does not count against ours', () => {
  const withControl = report()
  const { sse } = withControl.lanes
  withControl.control = { ...sse, ledger: { ...sse.ledger, lost: 5 } }
  assert.equal(nothingLost(withControl), true)
})
