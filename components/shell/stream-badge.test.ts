import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectionView, newConnection } from '#components/live/connection.ts'
import { streamBadge } from './stream-badge.ts'

const nowMs = Date.UTC(2026, 10, 24, 10, 44, 6)

test('a live stream tells the age of its last sign of life, where somebody looks at it', () => {
  const live = view({ state: 'live', beatAtMs: nowMs - 4_000 })
  assert.deepEqual(streamBadge(live, nowMs), { state: 'live', kind: 'sse', detail: 'beat 4 s ago' })
  assert.deepEqual(streamBadge(live), { state: 'live', kind: 'sse', detail: undefined })
})

test('what was missed is counted while it comes in', () => {
  const behind = view({ state: 'catching-up', caughtUp: { done: 12, of: 31 } })
  assert.deepEqual(streamBadge(behind), { state: 'catching-up', kind: 'sse', done: 12, total: 31 })
})

test('a cut, a fallback and a refusal are told apart', () => {
  const problem = { type: '/problems/too-many-connections', title: 'Too many', status: 429 }
  assert.deepEqual(
    [
      streamBadge(view({ state: 'offline', offlineSinceMs: nowMs })),
      streamBadge(view({ state: 'fallback' })),
      streamBadge(view({ state: 'backing-off', lastError: problem })),
      streamBadge(view({ state: 'signed-out' })),
    ],
    [
      { state: 'offline', sinceMs: nowMs },
      { state: 'fallback' },
      { state: 'backing-off', kind: 'sse', detail: '429' },
      { state: 'ended', kind: 'sse', detail: 'signed out' },
    ],
  )
})

function view(change: Partial<ConnectionView>): ConnectionView {
  return { ...newConnection({ state: 'opening' }), ...change }
}
