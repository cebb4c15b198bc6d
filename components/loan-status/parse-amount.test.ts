import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAmount } from './parse-amount.ts'

test('Reads the ways in which people write an amount', () => {
  for (const text of [
    '18500',
    '18500.00',
    '18,500.00',
    '18.500,00',
    '18 500',
    ' 18’500.0 ',
    '18500,00',
    '18,500',
  ]) {
    assert.equal(parseAmount(text), 1_850_000, text)
  }
  assert.equal(parseAmount('0.07'), 7)
  assert.equal(parseAmount('1,234,567.89'), 123_456_789)
})

test('Refuses what is not an amount', () => {
  for (const text of [
    '',
    'abc',
    '-5',
    '1e3',
    '1.2.3',
    '18,50,0',
    '1,234,56',
    '5.',
    '.5',
    '0x10',
    '1,234,567,89',
    '9'.repeat(20),
  ]) {
    assert.equal(parseAmount(text), undefined, text)
  }
})
