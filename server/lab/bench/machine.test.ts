import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { familyTicks } from './machine.ts'

const spin = 'while (process.cpuUsage().user < 300_000);'

test('The CPU of what a process has started counts as its own, also when it has ended', {
  skip: existsSync('/proc/stat') ? false : 'there is no /proc on this machine',
}, async () => {
  const [before, cpu] = [familyTicks(process.pid), process.cpuUsage()]
  await once(spawn(process.execPath, ['-e', spin], { stdio: 'ignore' }), 'exit')
  const { user, system } = process.cpuUsage(cpu)
  const ticks = familyTicks(process.pid) - before
  assert.ok(ticks >= 30 + Math.floor((user + system) / 10_000) - 2, `${ticks}`)
})
