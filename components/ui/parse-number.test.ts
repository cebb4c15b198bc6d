import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseAmount, parseCount, parseDecimal } from './parse-number.ts'

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
    '0.500',
    '0,500',
    '0 500',
    '00.500',
    '01,500',
    '012,345.00',
    '1.500',
    '84.305',
    '1,5000',
    '1 ,500',
    '1,500.000',
    '+5',
    '−5',
    '€',
    '5 5',
    '٥٠٠',
    'Infinity',
    `1${' '.repeat(50)}5`,
    '9'.repeat(20),
  ]) {
    assert.equal(parseAmount(text), undefined, text)
  }
})

test('Takes the sign of the currency, before or after, and no other one', () => {
  for (const text of ['€500', '500 €', '€ 500.00', 'EUR 500', '500.00 eur', '５００']) {
    assert.equal(parseAmount(text, 'EUR'), 50_000, text)
  }
  assert.equal(parseAmount('$1,000', 'USD'), 100_000)
  assert.equal(parseAmount('CHF 1’000.50', 'CHF'), 100_050)
  for (const text of ['$500', '£500', '500 CHF', '€€500', '€500€', '€-500']) {
    assert.equal(parseAmount(text, 'EUR'), undefined, text)
  }
  assert.equal(parseAmount('€500'), undefined)
})

test('Dots group thousands only where a comma or a second dot says so', () => {
  assert.equal(parseAmount('1.234.567'), 123_456_700)
  assert.equal(parseAmount('1.500,00'), 150_000)
  assert.equal(parseAmount('0.50'), 50)
})

test('Reads whole numbers with and without groups', () => {
  for (const [text, count] of [
    ['1000', 1_000],
    ['1,000', 1_000],
    [' 1 000 000 ', 1_000_000],
    ['0', 0],
    ['040', 40],
  ] as const) {
    assert.equal(parseCount(text), count, text)
  }
  for (const text of ['', '1.5', '1,5', '1.000', '0,100', '1,00', '-3', '1e3', '1,0000', '9'.repeat(17)]) {
    assert.equal(parseCount(text), undefined, text)
  }
})

test('Reads a number with a fraction of any length, and one comma before three figures as a group', () => {
  const read = [
    ['1000', 1_000],
    ['1,000', 1_000],
    ['1 000', 1_000],
    ['1.000.000', 1_000_000],
    ['1,084.305', 1_084.305],
    ['0.277778', 0.277778],
    ['1.234', 1.234],
    ['0,500', 0.5],
    ['1,5', 1.5],
  ] as const
  for (const [text, number] of read) assert.equal(parseDecimal(text), number, text)
  for (const text of ['', '1e3', '0x10', '-1', '1,00,000', '1,234,5', '١٠٠', 'Infinity', '9'.repeat(41)])
    assert.equal(parseDecimal(text), Number.NaN, text)
})
