import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceFile } from './source-file.ts'
import { besides, browserHalves, deliveries, rulesOf } from './source-list.ts'

test('Every file that has a point shows its lines, and the text is the file itself', async () => {
  const present = await Promise.all(
    [...deliveries, ...besides, ...browserHalves].map((entry) => sourceFile(entry)),
  )
  const shown = present.filter((file) => file !== undefined)
  assert.ok(shown.length >= 3)
  for (const file of shown) {
    assert.ok(file.cited, `Nothing cited in ${file.path}`)
    assert.equal(file.lines.map((line) => line.map(({ text }) => text).join('')).join('\n'), file.text)
  }
})

test('Keywords are heavy and comments quiet', async () => {
  const file = await sourceFile(browserHalves[0])
  const runs = file?.lines.flat() ?? []
  assert.ok(runs.some(({ text, look }) => look === 'keyword' && text.startsWith('export')))
  assert.ok(runs.some(({ text, look }) => look === 'comment' && text.startsWith('/**')))
})

test('Rules are found by their prefix, their lines joined', () => {
  const markdown = '# P\n\n- **SP1** One `read`,\n  in two lines.\n- **LP1** Held.\n- **LP2**: Or not.\n'
  assert.deepEqual(rulesOf(markdown, 'SP'), [{ id: 'SP1', text: 'One `read`, in two lines.' }])
  assert.deepEqual(
    rulesOf(markdown, 'LP').map(({ id }) => id),
    ['LP1', 'LP2'],
  )
})
