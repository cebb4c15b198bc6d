import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withSection, writeSection } from './figures.ts'

const document = '# Figures\n\nWords.\n\n## Polling\n\nold\n\n### In it\n\nold too\n\n## WebSocket\n\nkept\n'

test('A section that is measured again replaces its own part, with what stood below it, and no other', () => {
  assert.equal(
    withSection(document, { title: 'Polling', body: 'new\n\n### In it\n\nnew too' }),
    document.replaceAll('old', 'new'),
  )
  assert.equal(withSection(document, { title: 'WebSocket', body: 'new' }), document.replace('kept', 'new'))
})

test('A section that was not there comes last, and one whose title begins alike is another', () => {
  assert.equal(withSection(document, { title: 'Poll', body: 'new' }), `${document}\n## Poll\n\nnew\n`)
})

test('Writing a section a second time changes nothing but what it says', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'wireside-figures-'))
  t.after(() => rm(dir, { recursive: true }))
  const file = join(dir, 'FIGURES.md')
  await writeFile(file, document)
  for (const body of ['first', 'second', 'second']) await writeSection({ title: 'Polling', body }, file)
  assert.equal(
    await readFile(file, 'utf8'),
    '# Figures\n\nWords.\n\n## Polling\n\nsecond\n\n## WebSocket\n\nkept\n',
  )
})
