import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presets } from '#server/protocol/lab-presets.ts'
import { madeUpScenario } from '#server/testing/made-up-report.ts'
import { crowdWords, orderFigures, orderTitle, runTitle } from './run-words.ts'

const [loan] = presets

test('A run is called by its name, else by its preset, however its scenario is written.', () => {
  assert.ok(loan)
  const turned = Object.fromEntries(Object.entries(loan.scenario).reverse()) as typeof loan.scenario
  const order = { kind: 'scenario' as const, scenario: turned }
  assert.equal(runTitle({ name: null, order }), 'A loan')
  assert.equal(runTitle({ name: 'Before the cache', order }), 'Before the cache')
  assert.equal(orderTitle({ kind: 'scenario', scenario: { ...turned, burst: 7 } }), 'Custom scenario')
  assert.equal(orderTitle({ kind: 'drill', drill: 'cut-everybody' }), 'Cut every connection')
  assert.equal(orderTitle({ kind: 'trap', trap: 'sequence-gaps' }), 'Sequence order isn’t commit order')
})

test('A crowd is four times the same, or a sum.', () => {
  assert.equal(crowdWords(madeUpScenario), '4 × 50')
  assert.equal(crowdWords({ clients: { short: 1, long: 0, sse: 10, socket: 10 } }), '1 + 0 + 10 + 10')
})

test('What was run is a line of figures.', () => {
  assert.equal(
    orderFigures({ kind: 'scenario', scenario: madeUpScenario }),
    '2 /s, 4 × 50 clients, 60 s, cut every 10 s for 1.4 s',
  )
})
