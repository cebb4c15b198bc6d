import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteSeen, seenBefore } from './seen-times.ts'

test('A line keeps the time at which it was first seen, over reloads', () => {
  const store = memoryStore()
  noteSeen(store, 'L-1', ['submitted'], 1_000)
  assert.deepEqual(noteSeen(store, 'L-1', ['submitted', 'verifying'], 2_000), {
    submitted: 1_000,
    verifying: 2_000,
  })
  assert.deepEqual(seenBefore(store, 'L-1'), { submitted: 1_000, verifying: 2_000 })
  assert.deepEqual(seenBefore(store, 'L-2'), {})
})

test('What is not ours in the store is ignored', () => {
  for (const text of ['not json', 'null', '[]', '{"submitted":"yesterday"}']) {
    assert.deepEqual(seenBefore({ getItem: () => text, setItem: () => undefined }, 'L-1'), {})
  }
})

function memoryStore() {
  const kept = new Map<string, string>()
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
}
