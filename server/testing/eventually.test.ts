import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from './eventually.ts'

test('What never comes about rejects, and says what was seen last.', async () => {
  let seen = 0
  await assert.rejects(
    eventually(
      () => {
        seen += 1
        return false
      },
      { withinMs: 50 },
    ),
    /Not so within 50 ms, but still false/,
  )
  assert.ok(seen > 1)
})
