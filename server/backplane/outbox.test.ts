import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutbox } from './outbox.ts'

test('Whoever waits until theirs is sent does not wait for what others add later', async () => {
  const { outbox, batches, answer } = stage()
  outbox.add('a', '1')
  outbox.add('a', '2')
  let isSent = false
  void outbox.sent().then(() => {
    isSent = true
  })
  await answer()
  assert.equal(isSent, false)
  outbox.add('b', 'later')
  await answer()
  assert.deepEqual(batches, [['1'], ['2'], ['later']])
  assert.ok(isSent, 'while the last batch is still under way')
})

test('What waits goes together, a batch that fails is lost, and closing waits for all', async () => {
  const { outbox, batches, answer } = stage()
  for (const text of ['1', '2', '3']) outbox.add('a', text)
  await answer(new Error('away'))
  const sent = outbox.sent()
  const closed = outbox.close()
  outbox.add('a', 'too late')
  await answer()
  await Promise.all([sent, closed])
  assert.deepEqual(batches, [['1'], ['2', '3']])
  assert.equal(outbox.published(), 2)
  await outbox.sent()
})

/** An outbox whose batches stay in flight until the test acknowledges them. */
function stage() {
  const batches: string[][] = []
  const answers: PromiseWithResolvers<void>[] = []
  const outbox = createOutbox((messages) => {
    batches.push(messages.map(([, text]) => text))
    const answered = Promise.withResolvers<void>()
    answers.push(answered)
    return answered.promise
  })
  async function answer(error?: Error) {
    const answered = answers.shift()
    if (error) answered?.reject(error)
    else answered?.resolve()
    await new Promise(setImmediate)
  }
  return { outbox, batches, answer }
}
