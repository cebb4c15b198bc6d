import assert from 'node:assert/strict'
import { test } from 'node:test'
import { safeNext, signInReason } from './safe-next.ts'

test('a path of this site is kept, with query and fragment', () => {
  assert.equal(safeNext('/loans/ab12?tab=wire#payments'), '/loans/ab12?tab=wire#payments')
})

test('what leaves the site, or leads nowhere, is not a way on', () => {
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
    hostile.map(() => undefined),
  )
})

test('dots cannot make a path look like a host', () => {
  assert.equal(safeNext('/x/..//evil.example'), '/evil.example')
})

test('Who was sent to sign in is told from which page', () => {
  assert.equal(signInReason('/loans/ab12?tab=wire'), 'Sign in to open loans and payments.')
  assert.equal(signInReason('/officer'), 'Sign in to open the loan desk.')
  assert.equal(signInReason('/account'), 'Sign in to open your account.')
  assert.equal(signInReason('/lab/runs'), 'Sign in to open the lab.')
  assert.equal(signInReason('/states'), 'Sign in to open this page.')
  assert.equal(signInReason(undefined), undefined)
})
