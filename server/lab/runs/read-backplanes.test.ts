import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readBackplanes } from './read-backplanes.ts'

test('LAB13 The latest comparison of backplanes is given as it was stored; none, or a broken one, is none.', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wireside-backplanes-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'backplanes.json')
  assert.equal(await readBackplanes(file), undefined)
  const row = {
    ...{ engines: 'Redis', gateways: 3, p50Ms: 5.3, p99Ms: 56.4, writesPerSecond: 900 },
    ...{ readsAnEntry: 1, bytesAnEntry: 812.5, lost: 0, twice: 0 },
  }
  const stored = { at: '2026-11-30T13:00:00.000Z', load: 1.5, rows: [row] }
  await writeFile(file, JSON.stringify(stored))
  assert.deepEqual(await readBackplanes(file), stored)
  await writeFile(file, JSON.stringify({ ...stored, rows: [{ ...row, p99Ms: 'fast' }] }))
  assert.equal(await readBackplanes(file), undefined)
})
