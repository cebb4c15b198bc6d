import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ConnectionView, newConnection } from '#components/live/connection.ts'
import { lineBadge } from './line-badge.ts'

const nowMs = Date.UTC(2026, 10, 24, 10, 44, 6)

test('a live line tells how long its last command took, once there was one', () => {
  assert.deepEqual(lineBadge(view({ state: 'live' })), { state: 'live', kind: 'ws', detail: undefined })
  const live = view({ state: 'live', ackMs: 6.4 })
  assert.deepEqual(lineBadge(live), { state: 'live', kind: 'ws', detail: '6 ms' })
})

test('what was missed is counted while it comes in', () => {
  const behind = view({ state: 'catching-up', caughtUp: { done: 12, of: 31 } })
  assert.deepEqual(lineBadge(behind), { state: 'catching-up', kind: 'ws', done: 12, total: 31 })
})

test('tells the beginning, a cut, a fallback and a refusal apart', () => {
  const problem = { type: '/problems/unavailable', title: 'Not now', status: 503 }
  assert.deepEqual(
    [
      lineBadge(view({ state: 'idle' })),
      lineBadge(view({ state: 'offline', offlineSinceMs: nowMs })),
      lineBadge(view({ state: 'fallback', fallbackReason: { how: 'cut-at-once' } })),
      lineBadge(view({ state: 'backing-off', lastError: problem })),
      lineBadge(view({ state: 'signed-out' })),
    ],
    [
      { state: 'connecting', kind: 'ws' },
      { state: 'offline', sinceMs: nowMs },
      { state: 'fallback', detail: 'WebSocket cut' },
      { state: 'backing-off', kind: 'ws', detail: '503' },
      { state: 'ended', kind: 'ws', detail: 'signed out' },
    ],
  )
})

function view(change: Partial<ConnectionView>): ConnectionView {
  return { ...newConnection({ state: 'idle' }), ...change }
}
