import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeToastsTo, currentToasts, showToast } from './toast-store.ts'

test('Toasts that lead to what has been dealt with go, and no others', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  showToast({ title: 'Nora invited you.', action: { label: 'View', href: '/chat/one' } })
  showToast({ title: 'Sam invited you.', action: { label: 'View', href: '/chat/other' } })
  showToast({ title: 'Saved.' })
  closeToastsTo('/chat/one')
  assert.deepEqual(
    currentToasts().map(({ title }) => title),
    ['Sam invited you.', 'Saved.'],
  )
  t.mock.timers.tick(8_000)
  assert.deepEqual(currentToasts(), [])
})
