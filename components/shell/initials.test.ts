import assert from 'node:assert/strict'
import { test } from 'node:test'
import { initials } from '#components/ui/person-label.ts'

test('initials are the first letters of the first and the last word', () => {
  assert.deepEqual(['Noor Karim', 'noor', 'Ana de la Cruz', '  ', '😀 Ødegård'].map(initials), [
    'NK',
    'N',
    'AC',
    '',
    '😀Ø',
  ])
})
