import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coalesceReruns } from './coalesce-reruns.ts'

/** Work that records each start and runs until the test ends it. */
function steps() {
  const begun: { end(error?: Error): void }[] = []
  const looking = coalesceReruns(() => {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    begun.push({ end: (error) => (error ? reject(error) : resolve()) })
    return promise
  })
  return { begun, looking }
}

test('Who asks while a look runs gets one that begins later, shared with the others who ask', async () => {
  const { begun, looking } = steps()
  const first = looking.run()
  const later = [looking.run(), looking.run()]
  assert.equal(begun.length, 1)
  begun[0]?.end()
  await first
  await new Promise(setImmediate)
  assert.equal(begun.length, 2)
  begun[1]?.end()
  await Promise.all(later)
  const afterwards = looking.run()
  assert.equal(begun.length, 3)
  begun[2]?.end()
  await afterwards
})

test('A look that fails fails for those who asked for it, and the next is made all the same', async () => {
  const { begun, looking } = steps()
  const first = looking.run()
  const second = looking.run()
  begun[0]?.end(new Error('away'))
  await assert.rejects(first, /away/)
  await new Promise(setImmediate)
  begun[1]?.end()
  await second
})

test('Idle waits for what runs, however it ends, and starts nothing', async () => {
  const { begun, looking } = steps()
  await looking.idle()
  const failing = looking.run()
  const idle = looking.idle()
  begun[0]?.end(new Error('away'))
  await assert.rejects(failing, /away/)
  await idle
  assert.equal(begun.length, 1)
})
