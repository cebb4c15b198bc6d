import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assumed, readAnswers } from './answers.ts'

const read = (address: string) => readAnswers(new URLSearchParams(address))

test('What nobody has said is assumed, and is not said.', () => {
  assert.deepEqual(read(''), { answers: assumed, said: [] })
})

test('What the address says counts, also where it says what is assumed anyway.', () => {
  const { answers, said } = read('speaks=both&people=1000000&age=1s')
  assert.deepEqual(answers, { ...assumed, speaks: 'both', people: 1_000_000 })
  assert.deepEqual([...said].sort(), ['age', 'people', 'speaks'])
})

for (const address of [
  'age=2s',
  'people=0',
  'people=many',
  'people=-3',
  'tabs=1.5',
  'people=1e9',
  'speaks=',
]) {
  test(`What makes no sense is as good as not there: ${address}`, () => {
    assert.deepEqual(read(address), { answers: assumed, said: [] })
  })
}
