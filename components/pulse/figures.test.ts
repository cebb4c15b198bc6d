import assert from 'node:assert/strict'
import { test } from 'node:test'
import { median } from '#server/protocol/median.ts'
import { figuresOf, latestSameMs } from './figures.ts'
import { noTrace, type TraceEvent, traceAfter } from './trace.ts'

const at = (ms: number) => new Date(ms).toISOString()
const after = (...events: TraceEvent[]) => events.reduce(traceAfter, noTrace)

test('before anything came there is no wait and no size, not a zero', () => {
  const { medianWaitMs, receivedBytes, opened } = figuresOf(noTrace, 'short', 1_000, 0)
  assert.deepEqual([medianWaitMs, receivedBytes, opened], [undefined, undefined, 0])
})

test('the wait counts from when an entry happened, on the clock of the server, to when the wire brought it', () => {
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 5_000 },
    {
      type: 'answered',
      wire: 'short',
      id: 1,
      atMs: 5_010,
      status: 200,
      entries: [
        { seq: 1, at: at(1_010) },
        { seq: 2, at: at(4_010) },
      ],
    },
  )
  assert.equal(figuresOf(trace, 'short', 6_000, 0).medianWaitMs, 2_500)
  assert.equal(figuresOf(trace, 'short', 6_000, 1_000).medianWaitMs, 1_500)
  assert.equal(figuresOf(trace, 'long', 6_000, 0).medianWaitMs, undefined)
})

test('what was opened or received before the window is not counted', () => {
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 0 },
    { type: 'answered', wire: 'short', id: 1, atMs: 5, status: 304, entries: [] },
    { type: 'measured', openedMs: 0, endedMs: 5, receivedBytes: 300 },
    { type: 'opened', wire: 'short', id: 2, atMs: 20_000 },
    { type: 'answered', wire: 'short', id: 2, atMs: 20_005, status: 304, entries: [] },
    { type: 'measured', openedMs: 20_000, endedMs: 20_005, receivedBytes: 301 },
  )
  const { opened, receivedBytes } = figuresOf(trace, 'short', 35_000, 0)
  assert.deepEqual([opened, receivedBytes], [1, 301])
})

test('an answer that the browser has not yet accounted for is counted as unmeasured', () => {
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 0 },
    { type: 'answered', wire: 'short', id: 1, atMs: 5, status: 304, entries: [] },
  )
  assert.equal(figuresOf(trace, 'short', 10, 0).unmeasured, 1)
  assert.equal(latestSameMs(trace.asks.short), undefined)
})

test('the latest 304 is told by the browser, which measures finer than a script', () => {
  const trace = after(
    { type: 'opened', wire: 'short', id: 1, atMs: 1_000 },
    { type: 'answered', wire: 'short', id: 1, atMs: 1_004, status: 304, entries: [] },
    { type: 'measured', openedMs: 1_000, endedMs: 1_002.5, receivedBytes: 300 },
  )
  assert.equal(latestSameMs(trace.asks.short), 2.5)
})

test('a stream is counted as its bytes arrive, and one that is quiet has received nothing', () => {
  const wire = 'sse'
  const trace = after(
    { type: 'opened', wire, id: 1, atMs: 0, listens: true },
    { type: 'streaming', wire, id: 1, atMs: 2 },
    { type: 'arrived', wire, id: 1, atMs: 3, bytes: 100, beat: false, entries: [] },
    {
      type: 'arrived',
      wire,
      id: 1,
      atMs: 9_004,
      bytes: 90,
      beat: false,
      entries: [{ seq: 1, at: at(9_000) }],
    },
  )
  const figures = (nowMs: number) => {
    const { medianWaitMs, opened, receivedBytes } = figuresOf(trace, wire, nowMs, 0)
    return [medianWaitMs, opened, receivedBytes]
  }
  assert.deepEqual(figures(10_000), [4, 1, 190])
  assert.deepEqual(figures(35_000), [4, 0, 90])
  assert.deepEqual(figures(60_000), [undefined, 0, 0])
})

test('the median of an even number lies between the middle two', () => {
  assert.equal(median([9, 1, 5, 3]), 4)
  assert.equal(median([]), undefined)
})
