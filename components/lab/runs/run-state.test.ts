import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DrillReport, Sample } from '#server/protocol/lab-report.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { afterEvent, isOver, unknownRun, withRun } from './run-state.ts'

const run: WireRun = {
  ...{ id: 'r1', number: 17, name: null, state: 'preparing' },
  ...{ order: { kind: 'drill', drill: 'cut-everybody' }, startedAt: '2026-11-24T13:58:04Z', endedAt: null },
}
const none = { received: 0, p50Ms: null, p99Ms: null }
const lane = { ...none, bytesUp: 0, bytesDown: 0, requests: 0, queries: 0, cpuShare: 0 }
const sampleAt = (atMs: number): Sample => ({
  atMs,
  lanes: { short: lane, long: lane, sse: lane, socket: lane },
})

test('A run goes through its states, and keeps the doors that one of them told.', () => {
  const doors = {
    ...{ stream: 'lab:r1', ports: { short: 1, long: 2, sse: 3, socket: 4 } },
  }
  const running = afterEvent(withRun(unknownRun, run), {
    ...{ type: 'state', state: 'running', doors, startedAt: '2026-11-24T13:58:09Z' },
  })
  const finishing = afterEvent(running, { type: 'state', state: 'finishing', detail: 'waits for the last' })
  assert.equal(finishing.state, 'finishing')
  assert.equal(finishing.detail, 'waits for the last')
  assert.equal(finishing.doors, doors)
  assert.equal(finishing.measuredFrom, '2026-11-24T13:58:09Z')
})

test('A sample that is told twice counts once.', () => {
  const figures = (atMs: number) => ({
    ...{ type: 'figures' as const, atMs, written: 0, recent: [], sample: sampleAt(atMs) },
    lanes: { short: figuresOf(), long: figuresOf(), sse: figuresOf(), socket: figuresOf() },
  })
  const seen = [1_000, 1_000, 2_000].map(figures).reduce(afterEvent, unknownRun)
  assert.deepEqual(
    seen.samples.map(({ atMs }) => atMs),
    [1_000, 2_000],
  )
  assert.equal(seen.figures?.atMs, 2_000)
})

test('An answer that was under way when the run ended does not bring it back.', () => {
  const ended = afterEvent(withRun(unknownRun, run), { type: 'state', state: 'done' })
  assert.equal(withRun(ended, { ...run, state: 'running' }).state, 'done')
  assert.equal(withRun(ended, { ...run, state: 'failed' }).state, 'failed')
})

test('The time line of a drill that is over is that of its report.', () => {
  const arm = { title: '', ledger: figuresOf().ledger, backAtHeadMs: null, findings: [], kept: true }
  const report: DrillReport = {
    ...{ drill: 'cut-everybody', ours: arm, control: arm, summary: 'It was cut. Nothing was lost.' },
    timeline: [{ atMs: 0, what: 'cut' }],
  }
  const heard = afterEvent(unknownRun, { type: 'incident', incident: { atMs: 0, what: 'cut' } })
  const read = withRun(heard, { ...run, state: 'done', outcome: { kind: 'drill', report } })
  assert.deepEqual(read.incidents, report.timeline)
  assert.deepEqual(read.run?.outcome, { kind: 'drill', report })
})

test('A run that was stopped or has failed is over too.', () => {
  const over = (['preparing', 'running', 'finishing', 'done', 'stopped', 'failed'] as const).filter(isOver)
  assert.deepEqual(over, ['done', 'stopped', 'failed'])
})

function figuresOf() {
  const latency = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null, counts: [] }
  const ledger = {
    ...{ expected: 0, received: 0, lost: 0, late: 0, repeated: 0 },
    ...{ outOfOrder: 0, declared: 0, altered: 0, onTheWay: 0 },
  }
  return {
    ...{ clients: 0, connected: 0, latency, ledger },
    ...{ requests: 0, empty: 0, reconnects: 0, refused: 0, bytesUp: 0, bytesDown: 0 },
    ...{ queries: 0, cpuMs: 0, residentBytes: 0 },
  }
}

test('What a newer server tells of a run changes nothing.', () => {
  const view = withRun(unknownRun, run)
  const newer = { type: 'weather', figures: [1] } as unknown as Parameters<typeof afterEvent>[1]
  assert.equal(afterEvent(view, newer), view)
})
