import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { bareEnvironment } from '#server/env.ts'
import { startRunChild } from './run-child.ts'

test('LAB5 A process that does not end with its channel is killed.', async (t) => {
  const { child, heard } = await started(
    t,
    `setInterval(() => undefined, 1_000); process.on('disconnect', () => console.error('I stay'))`,
  )
  await heard
  child.end()
  assert.equal(await child.ended, 'I stay\n')
  child.say({ type: 'stop' })
})

test('LAB5 One that breaks tells what it wrote.', async (t) => {
  const { child } = await started(t, `throw new Error('It breaks')`)
  assert.match(await child.ended, /It breaks/)
})

async function started(t: TestContext, source: string) {
  const dir = await mkdtemp(join(tmpdir(), 'wireside-run-child-'))
  t.after(() => rm(dir, { recursive: true }))
  const file = join(dir, 'child.mjs')
  await writeFile(
    file,
    `${source}\nprocess.on('message', () => undefined)\nprocess.send({ type: 'state', state: 'running' })`,
  )
  const { promise: heard, resolve } = Promise.withResolvers<unknown>()
  const child = startRunChild({ file, environment: bareEnvironment() }, resolve)
  return { child, heard }
}
