import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { LaneReport } from '#server/protocol/lab-report.ts'
import { madeUpReport, madeUpScenario } from '#server/testing/made-up-report.ts'
import { claimsOf } from './claims.ts'
import { matrixOf } from './matrix.ts'
import { sheetOf } from './sheet.ts'

const sheet = sheetOf(madeUpReport())
const empty = { ...sheet, control: undefined, seconds: 0, lanes: withoutClients() }

test('A claim stands beside the figure of this run.', () => {
  const measured = new Map(claimsOf(sheet).map((claim) => [claim.said, claim.measured]))
  assert.equal(measured.get('Most short polls return nothing new'), '5.0 % at 2 /s')
  assert.equal(measured.get('Long polling is as fast as a socket'), '+3.9 ms')
  assert.equal(
    measured.get('EventSource reconnects by itself, so nothing is lost'),
    '16 lost without a cursor',
  )
  assert.equal(measured.get('50 polls every 5 s each query the database'), '2.0 /s')
})

test('A run without clients proves no claim and refutes none.', () => {
  assert.deepEqual(new Set(claimsOf(empty).map(({ measured }) => measured)), new Set(['—']))
})

test('The matrix has five criteria of four deliveries, and says which of them a run cannot tell.', () => {
  const matrix = matrixOf(sheet)
  assert.deepEqual(
    matrix.map(({ name }) => name),
    ['Communication', 'Connection', 'Latency', 'Scalability', 'Infrastructure'],
  )
  assert.ok(matrix.every(({ rows }) => rows.length === 4 && rows.every(({ measured }) => measured)))
  assert.ok(matrixOf(empty).every(({ rows }) => rows.every(({ measured }) => measured === undefined)))
})

test('A clean line proves nothing of the infrastructure.', () => {
  const clean = { ...sheet, scenario: { ...madeUpScenario, network: { kind: 'clean' as const } } }
  const infrastructure = matrixOf(clean).find(({ name }) => name === 'Infrastructure')
  assert.ok(infrastructure?.rows.every(({ measured }) => measured === undefined))
})

function withoutClients() {
  const { lanes } = sheet
  const none = { ...lanes.short.ledger, expected: 0, received: 0, lost: 0 }
  const latency = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null, counts: [] }
  const nothing = { clients: 0, requests: 0, empty: 0, bytesUp: 0, bytesDown: 0, queries: 0, cpuMs: 0 }
  const lane = (name: DeliveryName): LaneReport => ({
    ...{ ...lanes[name], ...nothing, latency, ledger: none },
    ...{ cpuMsPerThousand: null, memoryKibPerConnection: null },
  })
  return { short: lane('short'), long: lane('long'), sse: lane('sse'), socket: lane('socket') }
}
