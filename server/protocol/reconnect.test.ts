import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { createReconnect } from './reconnect.ts'

const slowest = () => createReconnect(() => 1)

test('A connection that stood for 30 s is back within a second, and within 3 s of the end of an outage of any length', () => {
  for (const outageMs of [0, 5_000, 60_000, 3_600_000]) {
    const reconnect = slowest()
    let atMs = reconnect.pauseMs({ type: 'closed', stoodMs: 30_000 })
    assert.equal(atMs, 1_000)
    while (atMs < outageMs) atMs += reconnect.pauseMs({ type: 'failed' })
    assert.ok(atMs <= Math.max(1_000, outageMs + 3_000), `back ${atMs - outageMs} ms after ${outageMs} ms`)
  }
})

test('One that stood for less counts as another failure, or as the first if it did its work', () => {
  const reconnect = slowest()
  const closed = (stoodMs: number) => reconnect.pauseMs({ type: 'closed', stoodMs })
  assert.deepEqual(
    [closed(0), closed(0), closed(4_999), closed(5_000), closed(0)],
    [500, 1_000, 2_000, 500, 1_000],
  )
})

test('Failures are spaced at random, up to a cap that doubles from 0.5 s to 3 s, until something is answered', () => {
  const reconnect = slowest()
  const failed = () => reconnect.pauseMs({ type: 'failed' })
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(failed), [500, 1_000, 2_000, 3_000, 3_000, 3_000])
  reconnect.succeeded()
  assert.equal(failed(), 500)
  assert.equal(createReconnect(() => 0).pauseMs({ type: 'failed' }), 0)
})

test('A thousand that lost one server come back spread out: at most a quarter of them, or a tenth after a minute, in 100 ms', (t) => {
  const random = seededRandom(t)
  for (const [outageMs, allowed] of [
    [1_000, 250],
    [60_000, 100],
  ] as const) {
    const backAtMs = Array.from({ length: 1_000 }, () => {
      const reconnect = createReconnect(random)
      let atMs = reconnect.pauseMs({ type: 'closed', stoodMs: 60_000 })
      while (atMs < outageMs) atMs += reconnect.pauseMs({ type: 'failed' })
      return atMs
    })
    const after = (fromMs: number) => backAtMs.filter((atMs) => fromMs <= atMs && atMs < fromMs + 100).length
    const most = Math.max(...backAtMs.map(after))
    assert.ok(most <= allowed, `${most} within 100 ms, after an outage of ${outageMs} ms`)
  }
})

test('What the server says is obeyed: never sooner, up to as much later, however long the connection stood', () => {
  const reconnect = createReconnect(() => 0.25)
  assert.equal(reconnect.pauseMs({ type: 'bye', retryMs: 8_000 }), 10_000)
  assert.equal(reconnect.pauseMs({ type: 'failed', adviceMs: 2_000 }), 2_500)
  assert.equal(reconnect.pauseMs({ type: 'failed', adviceMs: 0 }), 250, 'advice of nothing is none')
})
