import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trapNames } from '#server/protocol/lab.ts'
import { traps } from './traps.ts'

for (const name of trapNames) {
  test(`${name}: who does not know it falls in, and the way round stays out`, {
    timeout: 120_000,
    skip: traps[name].missing ?? false,
  }, async (t) => {
    const { trap, failing, working, also } = await traps[name].run(t.signal)
    assert.equal(trap, name)
    assert.equal(failing.fell, true, failing.seen.join('\n'))
    assert.equal(working.fell, false, working.seen.join('\n'))
    assert.ok(!also?.fell, also?.seen.join('\n'))
  })
}
