import assert from 'node:assert/strict'
import { test } from 'node:test'
import { byPresence, presenceAfter, stillTyping, typistsAfter } from './presence.ts'

test('Remembers when it saw somebody go, and forgets it when they come back.', () => {
  const first = presenceAfter(undefined, ['mira', 'ilya'], 1_000)
  assert.equal(first.goneAtMs.size, 0)
  const second = presenceAfter(first, ['mira'], 2_000)
  assert.deepEqual([...second.goneAtMs], [['ilya', 2_000]])
  const third = presenceAfter(second, [], 3_000)
  assert.deepEqual(
    [...third.goneAtMs],
    [
      ['ilya', 2_000],
      ['mira', 3_000],
    ],
  )
  assert.deepEqual([...presenceAfter(third, ['ilya'], 4_000).goneAtMs], [['mira', 3_000]])
})

test('Names those who are here first.', () => {
  const people = ['Zoe', 'Mira', 'Ilya'].map((name) => ({ id: name.toLowerCase(), name }))
  const names = (here: string[]) =>
    byPresence(people, presenceAfter(undefined, here, 0)).map(({ name }) => name)
  assert.deepEqual(names(['zoe']), ['Zoe', 'Ilya', 'Mira'])
  assert.deepEqual(
    byPresence(people, undefined).map(({ name }) => name),
    ['Ilya', 'Mira', 'Zoe'],
  )
})

test('One types until they stop, or for as long as they said, and never for ever.', () => {
  let typists = typistsAfter(new Map(), 'mira', 5_000, 1_000)
  typists = typistsAfter(typists, 'ilya', 999_000, 1_000)
  assert.deepEqual(stillTyping(typists, 'noor', 2_000), ['mira', 'ilya'])
  assert.deepEqual(stillTyping(typists, 'mira', 2_000), ['ilya'])
  assert.deepEqual(stillTyping(typists, 'noor', 6_000), ['ilya'])
  assert.deepEqual(stillTyping(typists, 'noor', 11_000), [])
  assert.deepEqual(stillTyping(typistsAfter(typists, 'mira', 0, 2_000), 'noor', 2_000), ['ilya'])
})
