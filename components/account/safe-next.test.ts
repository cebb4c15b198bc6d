import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeNext } from './safe-next.ts'

test('a path of this site is kept, with query and fragment', () => {
  assert.equal(safeNext('/loans/ab12?tab=wire#payments'), '/loans/ab12?tab=wire#payments')
})

test('what leaves the site, or leads nowhere, becomes the loans', () => {
  const hostile = [
    undefined,
    '',
    'loans',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/sign-in?next=/loans',
  ]
  assert.deepEqual(
    hostile.map(safeNext),
    hostile.map(() => '/loans'),
  )
})

test('dots cannot make a path look like a host', () => {
  assert.equal(safeNext('/x/..//evil.example'), '/evil.example')
})
