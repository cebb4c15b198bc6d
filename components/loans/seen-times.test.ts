import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noteSeen, noteSent } from './seen-times.ts'

test('A line that came while the tab watched keeps the time at which it was first seen, over reloads', () => {
  const store = memoryStore()
  noteSent(store, 'L-1', ['submitted'], 1_000)
  assert.deepEqual(noteSeen(store, 'L-1', ['submitted', 'verifying'], 2_000), {
    submitted: 1_000,
    verifying: 2_000,
  })
  assert.deepEqual(noteSeen(store, 'L-1', ['submitted', 'verifying'], 3_000), {
    submitted: 1_000,
    verifying: 2_000,
  })
})

test('What had happened before a tab first looked is not blamed on its polling', () => {
  const store = memoryStore()
  assert.deepEqual(noteSeen(store, 'L-1', ['submitted'], 9_000), { submitted: null })
  assert.deepEqual(noteSeen(store, 'L-1', ['submitted', 'verifying'], 9_500), {
    submitted: null,
    verifying: 9_500,
  })
  assert.deepEqual(noteSeen(store, 'L-2', ['submitted'], 9_500), { submitted: null })
})

test('What is not ours in the store is ignored', () => {
  for (const text of ['not json', 'null', '[]', '{"submitted":"yesterday"}']) {
    const store = { getItem: () => text, setItem: () => undefined }
    assert.deepEqual(noteSeen(store, 'L-1', ['submitted'], 1_000), { submitted: null })
  }
})

function memoryStore() {
  const kept = new Map<string, string>()
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
}
