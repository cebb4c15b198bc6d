import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { RunReport } from '#server/protocol/lab-report.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'

type Written = WireRun & RunReport['lanes']

test('A run has a row for each delivery, on the screen and in the file, and nothing is lost', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'wireside-lab-'))
  t.after(() => rm(dir, { recursive: true }))
  const file = join(dir, 'out.json')
  const { code, out } = await lab(
    ...[
      '--preset',
      'chat',
      '--clients',
      '4',
      '--seconds',
      '3',
      '--rate',
      '5',
      '--poll',
      '500',
      '--json',
      file,
    ],
  )
  assert.equal(code, 0, out)
  const run = JSON.parse(await readFile(file, 'utf8')) as Written
  for (const lane of deliveryNames) {
    assert.match(out, new RegExp(`^\\| ${lane} `, 'm'))
    const { ledger, latency, clients, bytesDown } = run[lane]
    assert.deepEqual([clients, ledger.expected, ledger.received, ledger.lost], [4, 60, 60, 0], lane)
    assert.equal(latency.count, 60)
    assert.ok(bytesDown > 60 * 200, `${lane}: ${bytesDown}`)
  }
  // One request for each stream or socket; polls repeat.
  assert.deepEqual([run.sse.requests, run.socket.requests], [4, 4])
  assert.ok(run.long.requests >= 60 && run.short.requests >= 4 * 5)
})

test('A line that breaks: ours lose nothing, the naive client does', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'wireside-lab-'))
  t.after(() => rm(dir, { recursive: true }))
  const file = join(dir, 'out.json')
  const { code, out } = await lab(
    ...['--preset', 'cut', '--clients', '3', '--seconds', '5', '--rate', '10', '--poll', '300'],
    ...['--network', 'cut:2:500', '--json', file],
  )
  assert.equal(code, 0, out)
  const { outcome } = JSON.parse(await readFile(file, 'utf8')) as Written
  assert.ok(outcome?.kind === 'scenario')
  const { control, incidents, lanes } = outcome.report
  assert.ok(incidents.length >= 2)
  assert.ok(lanes.sse.reconnects >= 3 && lanes.socket.reconnects >= 3)
  assert.ok((control?.ledger.lost ?? 0) > 0)
})

test('A wrong option is told, with all that there are', async () => {
  const { code, errors } = await lab('--preset', 'nothing')
  assert.equal(code, 2)
  assert.match(errors, /Unknown preset "nothing"[\s\S]*Usage: npm run lab/)
})

async function lab(...args: string[]): Promise<{ code: number; out: string; errors: string }> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, errors }
}
