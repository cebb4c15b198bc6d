import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { Client } from 'pg'
import { canReach, makeHome } from './embedded/home.ts'
import { dataDirOf } from './embedded/initialise.ts'
import { findPostmaster, stopPostmaster } from './embedded/postmaster.ts'
import { EmbeddedInUse, startEmbedded } from './embedded.ts'

test('Keeps its data between two runs.', async (t) => {
  const { stateDir } = await place(t)
  const first = await startEmbedded({ stateDir })
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  const second = await startEmbedded({ stateDir })
  t.after(second.stop)
  assert.deepEqual(await query(second.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
})

test('Refuses a second start while one runs, and says where, and harms nothing.', async (t) => {
  const { stateDir } = await place(t)
  const { holder, url } = await hold(t, stateDir)
  await assert.rejects(startEmbedded({ stateDir }), (error) => {
    assert.ok(error instanceof EmbeddedInUse)
    assert.equal(error.message, `Already running here: process ${holder.pid}, http://localhost:1`)
    return true
  })
  assert.deepEqual(await query(url, 'SELECT 1 AS one'), [{ one: 1 }])
})

test('Two first starts at once: one serves, the other is refused.', async (t) => {
  const { stateDir } = await place(t)
  const [one, other] = await Promise.allSettled([startEmbedded({ stateDir }), hold(t, stateDir)])
  if (one.status === 'fulfilled') t.after(one.value.stop)
  assert.notEqual(one.status, other.status)
})

test('Takes over the Postgres that a killed process has left running.', async (t) => {
  const { stateDir, dataDir } = await place(t)
  const { holder } = await hold(t, stateDir)
  const left = await findPostmaster(dataDir)
  await kill(holder)
  const next = await startEmbedded({ stateDir })
  t.after(next.stop)
  assert.equal((await findPostmaster(dataDir))?.pid, left?.pid)
})

test('Recovers when both were killed.', async (t) => {
  const { stateDir, dataDir } = await place(t)
  const { holder, url } = await hold(t, stateDir)
  await query(url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  const running = await findPostmaster(dataDir)
  assert.ok(running)
  process.kill(running.pid, 'SIGKILL')
  await kill(holder)
  const next = await startEmbedded({ stateDir })
  t.after(next.stop)
  assert.deepEqual(await query(next.url, 'SELECT answer FROM kept'), [{ answer: 42 }])
})

test('Starts on the rubbish of an initdb that was killed, and removes it.', async (t) => {
  const { stateDir, home } = await place(t)
  const gone = spawn(process.execPath, ['--version'])
  await once(gone, 'exit')
  const rubbish = join(home.dir, `fresh-${gone.pid}`)
  mkdirSync(join(rubbish, 'base'), { recursive: true })
  const next = await startEmbedded({ stateDir })
  t.after(next.stop)
  assert.throws(() => statSync(rubbish), { code: 'ENOENT' })
})

test('Is not stopped by a pid file whose number now belongs to another program.', async (t) => {
  const { stateDir, dataDir, home } = await place(t)
  await (await startEmbedded({ stateDir })).stop()
  const other = spawn('sleep', ['60'], home.user)
  t.after(() => other.kill())
  writeFileSync(join(dataDir, 'postmaster.pid'), `${other.pid}\n${dataDir}\n1\n1\n\n127.0.0.1\n 1 1\nready\n`)
  const next = await startEmbedded({ stateDir })
  t.after(next.stop)
})

test('Keeps the password from everybody else.', async (t) => {
  const { stateDir } = await place(t)
  const { url, stop } = await startEmbedded({ stateDir })
  t.after(stop)
  assert.equal(statSync(join(stateDir, 'postgres-password')).mode & 0o777, 0o600)
  assert.equal(readFileSync(join(stateDir, 'postgres-password'), 'utf8').trim(), new URL(url).password)
  await assert.rejects(query(Object.assign(new URL(url), { password: 'guessed' }).href, 'SELECT 1'), {
    code: '28P01',
  })
})

test('Knows a folder that another user cannot enter.', async (t) => {
  const { stateDir } = await place(t)
  const stranger = { uid: 12_345, gid: 12_345 }
  assert.ok(canReach(stateDir, stranger))
  chmodSync(stateDir, 0o700)
  mkdirSync(join(stateDir, 'inside'))
  assert.ok(!canReach(join(stateDir, 'inside'), stranger))
  assert.ok(canReach(join(stateDir, 'inside'), undefined))
})

async function place(t: TestContext) {
  const stateDir = mkdtempSync(join(tmpdir(), 'wireside-embedded-'))
  chmodSync(stateDir, 0o755)
  const home = await makeHome(stateDir)
  const dataDir = dataDirOf(home)
  t.after(async () => {
    await stopPostmaster(dataDir, 'immediate')
    rmSync(stateDir, { recursive: true })
  })
  return { stateDir, home, dataDir }
}

/** A separate process that serves the cluster. */
async function hold(t: TestContext, stateDir: string) {
  const script = resolve(import.meta.dirname, '../testing/hold-embedded.ts')
  const holder = spawn(process.execPath, [script, stateDir], { stdio: ['ignore', 'pipe', 'ignore'] })
  t.after(() => kill(holder))
  const [url] = await Promise.race([once(createInterface(holder.stdout), 'line'), once(holder, 'exit')])
  if (typeof url !== 'string') throw new Error(`The holder ended with ${url}`)
  return { holder, url }
}

async function kill(child: ChildProcess) {
  if (child.exitCode === null && child.signalCode === null && child.kill('SIGKILL')) await once(child, 'exit')
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
