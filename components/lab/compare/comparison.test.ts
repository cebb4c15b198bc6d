import assert from 'node:assert/strict'
import { test } from 'node:test'
import { madeUpReport, madeUpScenario } from '#server/testing/made-up-report.ts'
import { compare, formatRatio, machineDifferences, scenarioDifferences } from './comparison.ts'

const a = madeUpReport()

test('The second run is so many times the first.', () => {
  const slower = { ...a.lanes.sse, latency: { ...a.lanes.sse.latency, p50Ms: 12 } }
  const [p50] = compare(a, { ...a, lanes: { ...a.lanes, sse: slower } })
  assert.deepEqual(
    p50?.rows.map(({ ratio }) => formatRatio(ratio)),
    ['same', 'same', '× 2.0', 'same'],
  )
})

test('A ratio to nothing, or of what was not measured, is none.', () => {
  const lost = compare(a, a).find(({ name }) => name === 'Lost')
  assert.ok(lost?.rows.every(({ ratio, b }) => ratio === null && b === '0'))
  const alone = { ...a, lanes: { ...a.lanes, long: { ...a.lanes.long, clients: 0 } } }
  const received = compare(a, alone).find(({ name }) => name === 'Received')?.rows[1]
  assert.deepEqual(received, { lane: 'long', a: '6,000', b: '—', ratio: null })
})

test('Ratios below one keep two places.', () => {
  assert.deepEqual([0.5, 2, 0.04, 1.02, null].map(formatRatio), ['× 0.50', '× 2.0', '× 0.04', 'same', '—'])
})

test('What differs is named, what is the same is not.', () => {
  const other = { ...madeUpScenario, eventsPerSecond: 10, network: { kind: 'clean' as const } }
  assert.deepEqual(scenarioDifferences(madeUpScenario, other), [
    { what: 'Rate', a: '2 /s', b: '10 /s' },
    { what: 'Network', a: 'cut every 10 s for 1.4 s', b: 'clean' },
  ])
  assert.deepEqual(machineDifferences(a, a), [])
  assert.deepEqual(machineDifferences(a, { ...a, machine: { ...a.machine, cores: 8 } }), [
    { what: 'Cores', a: '2', b: '8' },
  ])
})
