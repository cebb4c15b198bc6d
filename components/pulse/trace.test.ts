import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noTrace, type Trace, type TraceEvent, traceAfter } from './trace.ts'

const at = (ms: number) => new Date(ms).toISOString()
const after = (...events: TraceEvent[]): Trace => events.reduce(traceAfter, noTrace)

test('an answer with entries is news, one without is nothing new, whatever its status', () => {
  const { asks } = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 0 },
    { type: 'answered', wire: 'short', id: 1, atMs: 5, status: 200, entries: [{ seq: 7, at: at(2) }] },
    { type: 'opened', wire: 'short', id: 2, atMs: 10 },
    { type: 'answered', wire: 'short', id: 2, atMs: 12, status: 304, entries: [] },
    { type: 'opened', wire: 'short', id: 3, atMs: 20 },
    { type: 'answered', wire: 'short', id: 3, atMs: 22, status: 200, entries: [] },
  )
  assert.deepEqual(
    asks.short.map(({ outcome, status }) => [outcome, status]),
    [
      ['news', 200],
      ['same', 304],
      ['same', 200],
    ],
  )
})

test('an entry that two wires bring happened once and keeps when each brought it first', () => {
  const entries = [{ seq: 7, at: at(100) }]
  const { happenings } = after(
    { type: 'opened', wire: 'long', id: 1, atMs: 0 },
    { type: 'answered', wire: 'long', id: 1, atMs: 103, status: 200, entries },
    { type: 'opened', wire: 'short', id: 2, atMs: 4_000 },
    { type: 'answered', wire: 'short', id: 2, atMs: 4_002, status: 200, entries },
    { type: 'opened', wire: 'short', id: 3, atMs: 9_000 },
    { type: 'answered', wire: 'short', id: 3, atMs: 9_002, status: 200, entries },
  )
  assert.deepEqual(happenings, [{ seq: 7, at: at(100), brought: { long: 103, short: 4_002 } }])
})

test('entries stand in the order of their seqs, compared as numbers', () => {
  const { happenings } = after(
    { type: 'opened', wire: 'long', id: 1, atMs: 0 },
    { type: 'answered', wire: 'long', id: 1, atMs: 1, status: 200, entries: [{ seq: 10, at: at(1) }] },
    { type: 'opened', wire: 'short', id: 2, atMs: 2 },
    { type: 'answered', wire: 'short', id: 2, atMs: 3, status: 200, entries: [{ seq: 9, at: at(0) }] },
  )
  assert.deepEqual(
    happenings.map(({ seq }) => seq),
    [9, 10],
  )
})

test("the browser's account goes to the ended ask whose times are nearest, on either wire", () => {
  const { asks } = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 1_000 },
    { type: 'opened', wire: 'long', id: 2, atMs: 1_001 },
    { type: 'answered', wire: 'short', id: 1, atMs: 1_004, status: 304, entries: [] },
    { type: 'answered', wire: 'long', id: 2, atMs: 6_000, status: 200, entries: [{ seq: 1, at: at(5_990) }] },
    { type: 'measured', openedMs: 1_000.4, endedMs: 5_999.2, receivedBytes: 480 },
    { type: 'measured', openedMs: 1_000.2, endedMs: 1_003.1, receivedBytes: 300 },
    { type: 'measured', openedMs: 90_000, endedMs: 90_001, receivedBytes: 1 },
  )
  assert.equal(asks.short[0]?.receivedBytes, 300)
  assert.equal(asks.long[0]?.receivedBytes, 480)
})

test('a pause lasts until it is resumed; resuming what was not paused changes nothing', () => {
  const paused = after({ type: 'resumed', atMs: 5 }, { type: 'paused', atMs: 10 })
  assert.deepEqual(paused.pauses, [{ fromMs: 10 }])
  assert.deepEqual(traceAfter(paused, { type: 'resumed', atMs: 40 }).pauses, [{ fromMs: 10, toMs: 40 }])
})

test('what has long left the picture is forgotten, an ask that is still held is not', () => {
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 0 },
    { type: 'answered', wire: 'short', id: 1, atMs: 2, status: 200, entries: [{ seq: 1, at: at(1) }] },
    { type: 'opened', wire: 'long', id: 2, atMs: 3 },
    { type: 'opened', wire: 'short', id: 3, atMs: 60_000 },
  )
  assert.deepEqual(
    [trace.asks.short.map(({ id }) => id), trace.asks.long.map(({ id }) => id), trace.happenings],
    [[3], [2], []],
  )
})
