import assert from 'node:assert/strict'
import { test } from 'node:test'
import { writeBy } from './write-by.ts'

const forever = new AbortController().signal

test('Writes as many as the rate and the time make, in bursts', async () => {
  const writes: number[] = []
  const write = async (count: number) => void writes.push(count)
  const { written } = await writeBy({ eventsPerSecond: 200, burst: 5, seconds: 0.2 }, forever, write)
  assert.equal(written, 40)
  assert.equal(
    writes.reduce((sum, count) => sum + count),
    40,
  )
  assert.ok(writes.every((count) => count % 5 === 0))
})

test('Writes at least once, however rarely something happens', async () => {
  let count = 0
  const { written } = await writeBy(
    { eventsPerSecond: 0.01, burst: 1, seconds: 0.05 },
    forever,
    async (n) => {
      count += n
    },
  )
  assert.deepEqual([written, count], [1, 1])
})

test('What became due while a write was under way goes together, and the delay is told', async () => {
  const writes: number[] = []
  const slow = async (count: number) => {
    writes.push(count)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const { written, lateMs } = await writeBy({ eventsPerSecond: 200, burst: 1, seconds: 0.2 }, forever, slow)
  assert.equal(written, 40)
  assert.ok(writes.length < 20, String(writes))
  assert.ok(lateMs > 20, String(lateMs))
})

test('Stopped, it writes no more', async () => {
  const stopping = new AbortController()
  let count = 0
  const { written } = await writeBy(
    { eventsPerSecond: 100, burst: 1, seconds: 60 },
    stopping.signal,
    async (n) => {
      count += n
      if (count >= 3) stopping.abort()
    },
  )
  assert.equal(written, count)
  assert.ok(count < 10)
})
