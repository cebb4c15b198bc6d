import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Incident } from '#server/protocol/lab-report.ts'
import { axisSeconds, timeLanes } from './time-lanes.ts'

const timeline: Incident[] = [
  { atMs: 0, what: 'The writing begins' },
  { atMs: 2_000, what: 'Cut', untilMs: 4_000 },
  { atMs: 5_000, what: 'Caught up', lane: 'control' },
  { atMs: 6_000, what: 'Caught up', lane: 'sse' },
  { atMs: 10_000, what: 'Settled' },
]

test('A lane is away from the fault until it is at the head again', () => {
  const { lengthMs, fault, lanes } = timeLanes(timeline, ['sse'], false)
  assert.equal(lengthMs, 10_000)
  assert.deepEqual(fault, { from: 0.2, to: 0.4 })
  assert.deepEqual(
    lanes.map(({ lane }) => lane),
    ['sse', 'control'],
  )
  assert.deepEqual(lanes[0]?.stretches, [
    { from: 0, to: 0.2, is: 'on' },
    { from: 0.2, to: 0.6, is: 'away' },
    { from: 0.6, to: 1, is: 'on' },
  ])
})

test('A control that never came back is away to the end', () => {
  const { lanes } = timeLanes(
    timeline.filter(({ lane }) => lane !== 'control'),
    ['sse'],
    false,
  )
  assert.deepEqual(lanes.at(-1)?.stretches.at(-1), { from: 0.2, to: 1, is: 'away' })
})

test('A fault that still lasts goes on to the newest that is told', () => {
  const { fault } = timeLanes([...timeline.slice(0, 1), { atMs: 2_000, what: 'Killed' }], [], false)
  assert.deepEqual(fault, { from: 1, to: 1 })
})

test('Where lanes are to end, they do at their mark, and the control goes on', () => {
  const { lanes } = timeLanes(timeline, ['sse'], true)
  assert.deepEqual(lanes[0]?.stretches, [{ from: 0, to: 0.6, is: 'on' }])
  assert.deepEqual(lanes[1]?.stretches, [{ from: 0, to: 1, is: 'on' }])
})

test('The axis has at most seven marks, at whole seconds', () => {
  assert.deepEqual(
    axisSeconds(10_000).map(({ seconds }) => seconds),
    [0, 2, 4, 6, 8, 10],
  )
  for (const ms of [900, 3_000, 41_000, 90_000]) assert.ok(axisSeconds(ms).length <= 7)
})
