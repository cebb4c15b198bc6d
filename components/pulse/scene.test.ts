import assert from 'node:assert/strict'
import { test } from 'node:test'
import { far, sceneOf } from './scene.ts'
import { noTrace, type TraceEvent, traceAfter } from './trace.ts'

const at = (ms: number) => new Date(ms).toISOString()
const after = (...events: TraceEvent[]) => events.reduce(traceAfter, noTrace)
const baseMs = 30_000

test('the base lies at the right edge, 30 s before it at the left, and the future beyond', () => {
  const trace = after(
    { type: 'opened', wire: 'long', id: 1, atMs: 0 },
    {
      type: 'answered',
      wire: 'long',
      id: 1,
      atMs: 36_000,
      status: 200,
      entries: [
        { seq: 1, at: at(0) },
        { seq: 2, at: at(15_000) },
        { seq: 3, at: at(36_000) },
      ],
    },
  )
  assert.deepEqual(
    sceneOf(trace, baseMs, 0).ticks.map((tick) => tick.at),
    [0, 0.5, 1.2],
  )
})

test('an entry that one wire has brought and the other has not is still waited for', () => {
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 0 },
    { type: 'answered', wire: 'short', id: 1, atMs: 10, status: 304, entries: [] },
    { type: 'opened', wire: 'long', id: 2, atMs: 0 },
    {
      type: 'answered',
      wire: 'long',
      id: 2,
      atMs: 15_000,
      status: 200,
      entries: [{ seq: 1, at: at(15_000) }],
    },
  )
  const { short, long } = sceneOf(trace, baseMs, 0).lanes
  assert.deepEqual(short.waits, [{ seq: 1, from: 0.5, to: far }])
  assert.deepEqual(long.waits, [{ seq: 1, from: 0.5, to: 0.5, label: undefined }])
})

test('what a wire has passed by is no longer waited for', () => {
  const trace = after(
    { type: 'opened', wire: 'long', id: 1, atMs: 0 },
    { type: 'answered', wire: 'long', id: 1, atMs: 1_000, status: 200, entries: [{ seq: 1, at: at(1_000) }] },
    { type: 'opened', wire: 'short', id: 2, atMs: 500 },
    {
      type: 'answered',
      wire: 'short',
      id: 2,
      atMs: 3_000,
      status: 200,
      entries: [{ seq: 2, at: at(2_900) }],
    },
  )
  assert.deepEqual(
    sceneOf(trace, baseMs, 0).lanes.short.waits.map(({ seq }) => seq),
    [2],
  )
})

test('one answer with several entries says its wait once, over the oldest', () => {
  const entries = [1_000, 2_000].map((ms, n) => ({ seq: n + 1, at: at(ms) }))
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 5_000 },
    { type: 'answered', wire: 'short', id: 1, atMs: 5_000, status: 200, entries },
  )
  const labels = sceneOf(trace, baseMs, 0).lanes.short.waits.map(({ label }) => label && Math.round(label))
  assert.deepEqual(labels, [4_000, undefined])
})

test('a held ask is open to the far end until it is answered', () => {
  const trace = after({ type: 'opened', wire: 'long', id: 1, atMs: 15_000 })
  assert.deepEqual(sceneOf(trace, baseMs, 0).lanes.long.stretches, [
    { kind: 'long', from: 0.5, to: far, opens: true },
  ])
})

test('dots stop for a pause and for an outage, and hatching spans the outage until an answer comes', () => {
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 0 },
    { type: 'answered', wire: 'short', id: 1, atMs: 0, status: 304, entries: [] },
    { type: 'paused', atMs: 6_000 },
    { type: 'resumed', atMs: 9_000 },
    { type: 'opened', wire: 'short', id: 2, atMs: 12_000 },
    { type: 'failed', wire: 'short', id: 2, atMs: 12_000 },
    { type: 'opened', wire: 'short', id: 3, atMs: 18_000 },
    { type: 'answered', wire: 'short', id: 3, atMs: 18_000, status: 304, entries: [] },
  )
  const { stretches, outages, cuts } = sceneOf(trace, baseMs, 0).lanes.short
  const spans = stretches.map(({ from, to }) => [from, to].map((share) => Number(share.toFixed(3))))
  assert.deepEqual(spans, [
    [0, 0.2],
    [0.3, 0.4],
    [0.6, far],
  ])
  assert.deepEqual(
    outages.map(({ from, to }) => [Number(from.toFixed(3)), Number(to.toFixed(3))]),
    [[0.4, 0.6]],
  )
  assert.equal(cuts.length, 1)
})

test('a stream is one line as long as its connection lives, with its entries and beats on it', () => {
  const trace = after(...streamed(1, 0))
  const { stretches, marks, beats, waits } = sceneOf(trace, baseMs, 0).lanes.sse
  assert.deepEqual(stretches, [{ kind: 'sse', from: 0, to: far, opens: true }])
  assert.deepEqual(
    marks.map(({ kind, at, filled }) => [kind, at, filled]),
    [['sse', 0.25, true]],
  )
  assert.deepEqual(beats, [{ at: 0.5, label: 'beat' }])
  assert.deepEqual(
    waits.map(({ seq }) => seq),
    [7],
  )
})

test('a stream that is cut ends in a cross, and the outage lasts until the next one is there', () => {
  const trace = after(
    ...streamed(1, 0),
    { type: 'failed', wire: 'sse', id: 1, atMs: 18_000 },
    { type: 'opened', wire: 'sse', id: 2, atMs: 19_000, listens: true },
    { type: 'failed', wire: 'sse', id: 2, atMs: 19_500 },
    ...streamed(3, 24_000),
  )
  const { stretches, outages, cuts } = sceneOf(trace, baseMs, 0).lanes.sse
  assert.deepEqual(stretches.map(rounded), [
    [0, 0.6],
    [0.8, far],
  ])
  assert.deepEqual(outages.map(rounded), [[0.6, 0.8]])
  assert.equal(cuts.length, 2)
})

test('what a held-back stream is replaced by is drawn as the long polling that it is', () => {
  const trace = after(
    ...streamed(1, 0),
    { type: 'let-go', wire: 'sse', id: 1, atMs: 15_000 },
    { type: 'opened', wire: 'sse', id: 2, atMs: 15_000 },
  )
  const kinds = sceneOf(trace, baseMs, 0).lanes.sse.stretches.map(({ kind }) => kind)
  assert.deepEqual(kinds, ['sse', 'long'])
})

function streamed(id: number, atMs: number): TraceEvent[] {
  const wire = 'sse'
  const entries = [{ seq: 7, at: at(7_500) }]
  return [
    { type: 'opened', wire, id, atMs, listens: true },
    { type: 'streaming', wire, id, atMs },
    { type: 'arrived', wire, id, atMs: atMs + 7_500, bytes: 90, beat: false, entries },
    { type: 'arrived', wire, id, atMs: atMs + 15_000, bytes: 60, beat: true, entries: [] },
  ]
}

function rounded({ from, to }: { from: number; to: number }) {
  return [from, to].map((share) => Number(share.toFixed(3)))
}
