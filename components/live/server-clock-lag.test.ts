import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anyLag, lagMs, narrowLag } from './server-clock.ts'

const second = Date.parse('2026-11-24T10:00:00Z')
const date = new Date(second).toUTCString()

test('clocks that may agree are taken to agree', () => {
  const bounds = narrowLag(anyLag, {
    openedMs: second + 400,
    answeredMs: second + 410,
    date,
    entries: [{ at: new Date(second + 405).toISOString() }],
  })
  assert.equal(lagMs(bounds), 0)
})

test('without any answer there is nothing to correct', () => {
  assert.equal(lagMs(anyLag), 0)
})

test('a browser that is behind sees entries before they happen: its lag is as small as the quickest answer allows', () => {
  const entries = [{ at: new Date(second + 3_000).toISOString() }]
  const slow = narrowLag(anyLag, { openedMs: second, answeredMs: second + 1_040, entries })
  const quick = narrowLag(slow, { openedMs: second, answeredMs: second + 1_003, entries })
  assert.equal(lagMs(quick), -1_997)
})

test('a browser that is ahead is found by the date of the answer', () => {
  const aheadMs = 90_000
  const bounds = narrowLag(anyLag, {
    openedMs: second + aheadMs + 600,
    answeredMs: second + aheadMs + 610,
    date,
    entries: [{ at: new Date(second + 605).toISOString() }],
  })
  assert.equal(lagMs(bounds), aheadMs + 5)
})

test('a date that is cut to the second, and a little stale, proves nothing', () => {
  const bounds = narrowLag(anyLag, {
    openedMs: second + 1_400,
    answeredMs: second + 1_402,
    date,
    entries: [],
  })
  assert.equal(lagMs(bounds), 0)
})
