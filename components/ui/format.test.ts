import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as format from './format.ts'

test('counts have commas, and a real minus', () => {
  assert.deepEqual([0, 999, 1_000, 25_004, 1_234_567, -1_200].map(format.formatCount), [
    '0',
    '999',
    '1,000',
    '25,004',
    '1,234,567',
    '−1,200',
  ])
})

test('money comes from minor units, with a symbol or a code', () => {
  assert.equal(format.formatMoney(1_850_000, 'EUR'), '€18,500.00')
  assert.equal(format.formatMoney(-4_375, 'USD'), '−$43.75')
  assert.equal(format.formatMoney(5, 'CHF'), 'CHF 0.05')
  assert.equal(format.formatAmount(100_000_000), '1,000,000.00')
})

test('durations change their unit where the figure would grow out of its width', () => {
  assert.deepEqual([0.62, 9.94, 9.96, 412, 999.6, 2_400, 9_960, 25_004].map(format.formatDuration), [
    '0.6 ms',
    '9.9 ms',
    '10 ms',
    '412 ms',
    '1.0 s',
    '2.4 s',
    '10 s',
    '25 s',
  ])
})

test('ages name two units at most', () => {
  assert.deepEqual([4_200, 130_000, 120_000, 11_100_000, 200_000_000].map(format.formatAge), [
    '4 s',
    '2 min 10 s',
    '2 min',
    '3 h 5 min',
    '2 d',
  ])
})

test('a countdown reads zero only when it is over', () => {
  assert.deepEqual([17_001, 1, 0, -5].map(format.formatCountdown), ['00:18', '00:01', '00:00', '00:00'])
})

test('bytes on the wire go by 1,000, memory by 1,024', () => {
  assert.deepEqual([148, 999, 1_000, 4_560, 1_200_000].map(format.formatBytes), [
    '148 B',
    '999 B',
    '1.0 KB',
    '4.6 KB',
    '1.2 MB',
  ])
  assert.equal(format.formatMemory(4_198), '4.1 KiB')
})
