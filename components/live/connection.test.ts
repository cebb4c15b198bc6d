import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Step } from './clients/client.ts'
import { type ConnectionView, connectionAfter, newConnection } from './connection.ts'

const refusal = { type: '/problems/unavailable', title: 'Unavailable', status: 503, requestId: 'r-1' }

test('A retry does not say that all is well: trouble stands until an answer comes', () => {
  const cut = after(
    { type: 'requesting', held: false },
    { type: 'failed', nextTryAtMs: 9 },
    { type: 'requesting', held: false },
  )
  assert.equal(cut.state, 'offline')
  assert.equal(cut.offlineSinceMs, 2)
  const back = connectionAfter(cut, { type: 'not-modified' }, 4)
  assert.equal(connectionAfter(back, { type: 'requesting', held: true }, 5).state, 'live')
  assert.equal(back.offlineSinceMs, undefined)
})

test('A refusal is kept with its request id while the page backs off, and says that the line is up', () => {
  const view = after({ type: 'failed', nextTryAtMs: 9 }, { type: 'failed', problem: refusal, nextTryAtMs: 9 })
  assert.equal(view.state, 'backing-off')
  assert.equal(view.offlineSinceMs, undefined)
  assert.equal(view.lastError?.requestId, 'r-1')
})

test('Offline counts from the first ask without an answer', () => {
  const view = after(
    { type: 'failed', nextTryAtMs: 9 },
    { type: 'requesting', held: false },
    { type: 'failed', nextTryAtMs: 9 },
  )
  assert.equal(view.offlineSinceMs, 1)
})

test('What was seen last stays on show through trouble, and the advice through asking', () => {
  const view = after(
    { type: 'changed', value: 'submitted', adviceMs: 30_000 },
    { type: 'waiting', adviceMs: 30_000, nextTryAtMs: 30_002 },
    { type: 'requesting', held: false },
    { type: 'failed', nextTryAtMs: 9 },
  )
  assert.equal(view.value, 'submitted')
  assert.equal(view.seenAtMs, 1)
  assert.equal(view.adviceMs, 30_000)
})

/** The view after these steps, 1 ms apart. */
function after(...steps: Step<string>[]): ConnectionView<string> {
  return steps.reduce(
    (view, step, n) => connectionAfter(view, step, n + 1),
    newConnection<string>({ state: 'requesting' }),
  )
}
