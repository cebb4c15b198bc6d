import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReconnect } from './reconnect.ts'

const slowest = () => createReconnect(() => 1)

test('A connection that stood for 30 s is back within a second, and after an outage of 5 s within 5 s of its end', () => {
  const reconnect = slowest()
  let atMs = reconnect.pauseMs({ type: 'closed', stoodMs: 30_000 })
  assert.equal(atMs, 1_000)
  while (atMs < 5_000) atMs += reconnect.pauseMs({ type: 'failed' })
  assert.ok(atMs <= 5_000 + 5_000, `back after ${atMs} ms`)
})

test('One that stood for less counts as another failure, or as the first if it did its work', () => {
  const reconnect = slowest()
  const closed = (stoodMs: number) => reconnect.pauseMs({ type: 'closed', stoodMs })
  assert.deepEqual(
    [closed(0), closed(0), closed(4_999), closed(5_000), closed(0)],
    [500, 1_000, 2_000, 500, 1_000],
  )
})

test('Failures are spaced at random, up to a cap that doubles from 0.5 s to 20 s, until something is answered', () => {
  const reconnect = slowest()
  const failed = () => reconnect.pauseMs({ type: 'failed' })
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7, 8].map(failed),
    [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000],
  )
  reconnect.succeeded()
  assert.equal(failed(), 500)
  assert.equal(createReconnect(() => 0).pauseMs({ type: 'failed' }), 0)
})

test('What the server says is obeyed, upwards only, however long the connection stood', () => {
  const reconnect = createReconnect(() => 0.25)
  assert.equal(reconnect.pauseMs({ type: 'bye', retryMs: 8_000 }), 10_000)
  assert.equal(reconnect.pauseMs({ type: 'failed', adviceMs: 7_000 }), 7_125)
})
