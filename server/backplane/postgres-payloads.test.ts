import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPacker, createUnpacker, type Message } from './postgres-payloads.ts'

test('Packs many messages into few payloads that Postgres takes, and they come out as they were', () => {
  const messages: Message[] = Array.from({ length: 5_000 }, (_, n) => [`log:room:${n}`, `${n} é👩‍🚀\0`])
  const payloads = createPacker('node1')(messages)
  assert.ok(payloads.every((payload) => Buffer.byteLength(payload) <= 7_900))
  const chars = payloads.reduce((sum, { length }) => sum + length, 0)
  assert.ok(payloads.length <= chars / 7_700 + 1)
  assert.deepEqual(payloads.flatMap(createUnpacker('node2')), messages)
  assert.deepEqual(payloads.flatMap(createUnpacker('node1')), [])
})

test('A long message is cut, and what was packed before and after it stays whole', () => {
  const messages: Message[] = [
    ['a', 'before'],
    ['b', '日'.repeat(20_000)],
    ['c', 'after'],
  ]
  const payloads = createPacker('node1')(messages)
  assert.ok(payloads.every((payload) => Buffer.byteLength(payload) <= 7_900))
  assert.equal(new Set(payloads).size, payloads.length)
  const unpack = createUnpacker('node2')
  assert.deepEqual(payloads.flatMap(unpack), messages)

  // A message that breaks off half-way does not affect others.
  const broken = payloads.slice(0, 3)
  const others = createPacker('node3')([['d', 'others']])
  assert.deepEqual([...broken, ...others, ...payloads].flatMap(unpack), [
    messages[0],
    ['d', 'others'],
    ...messages,
  ])
})
