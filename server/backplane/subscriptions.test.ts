import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { createSubscriptions } from './subscriptions.ts'

test('What one subscriber throws keeps the message from no other, and is told as a warning', async () => {
  const subscriptions = createSubscriptions()
  const heard: string[] = []
  const defect = new Error('A defect of a subscriber')
  subscriptions.add('a', () => {
    throw defect
  })
  subscriptions.add('a', (message) => void heard.push(message))
  const warned = once(process, 'warning')
  subscriptions.deliver('a', 'message')
  assert.deepEqual(heard, ['message'])
  assert.deepEqual(await warned, [defect])
})
