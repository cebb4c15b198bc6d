import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { onServer } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type Leadership, runForLeader } from './leadership.ts'

function candidate(t: TestContext, url: string): Leadership & { events: string[] } {
  const events: string[] = []
  const onElected = () => void events.push('elected')
  const onDeposed = () => void events.push('deposed')
  const leadership = runForLeader(url, { name: 'test', onElected, onDeposed })
  t.after(leadership.close)
  return { ...leadership, events }
}

test('Of several candidates one leads; when it ends, another does, and is elected once.', async (t) => {
  const { url } = await testDatabase(t)
  const candidates = [candidate(t, url), candidate(t, url), candidate(t, url)]
  const leaders = () => candidates.filter((one) => one.isLeading())
  for (let left = 3; left > 0; left -= 1) {
    await eventually(() => leaders().length > 0)
    const [leader] = leaders()
    assert.ok(leader)
    assert.equal(leaders().length, 1)
    assert.deepEqual(leader.events, ['elected'])
    await leader.close()
    candidates.splice(candidates.indexOf(leader), 1)
  }
})

test('A leader whose session is ended leads on until the lock is with another, and is then deposed.', async (t) => {
  const { url } = await testDatabase(t)
  const first = candidate(t, url)
  await eventually(() => first.isLeading())
  const cut = () =>
    onServer(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE locktype = 'advisory' AND datname = current_database()`,
    )
  await cut()
  const second = candidate(t, url)
  // Both now compete for the lock; either may win, but in the end there is exactly one leader.
  await eventually(async () => {
    if (!second.isLeading()) await cut()
    return second.isLeading() && !first.isLeading()
  })
  assert.deepEqual(first.events.slice(0, 2), ['elected', 'deposed'])
  assert.equal(second.events.at(-1), 'elected')
})

const quick = { beatMs: 100, leaseMs: 400, idleMs: 500 }

for (const [how, act] of [
  ['is cut off without a word', 'freeze'],
  ['gets no answers any more', 'holdAnswers'],
] as const) {
  test(`T15 A leader that ${how} stops, and then another leads, for a later term.`, async (t) => {
    const { far, url, line } = await lineTo(t)
    const events: string[] = []
    const first = runner(t, far, { ...quick, events, who: 'first' })
    const before = await eventually(first.term)
    line[act]()
    const second = runner(t, url, { ...quick, events, who: 'second' })
    const after = await eventually(second.term)
    assert.ok(after > before, `${before}, then ${after}`)
    assert.equal(first.term(), undefined)
    assert.deepEqual(events, ['first elected', 'first deposed', 'second elected'])
  })
}

test('T15 The session of a leader that is cut off is ended for its silence; another that is not ended holds the lock.', async (t) => {
  const { far, url, line } = await lineTo(t)
  const events: string[] = []
  const first = runner(t, far, { ...quick, events, who: 'first' })
  const endless = runner(t, far, { ...quick, idleMs: 0, name: 'control', events, who: 'endless' })
  await eventually(() => first.isLeading() && endless.isLeading())
  line.freeze()
  const successor = runner(t, url, { ...quick, name: 'control', events, who: 'successor' })
  await eventually(runner(t, url, { ...quick, events, who: 'second' }).isLeading)
  assert.ok(!endless.isLeading() && !successor.isLeading())
})

test('T15 A leader that was frozen knows at once, before it hears of anything, that it may lead no more.', async (t) => {
  const { url } = await testDatabase(t)
  const leadership = runForLeader(url, {
    name: 'test',
    ...quick,
    onElected: () => undefined,
    onDeposed: () => undefined,
  })
  t.after(leadership.close)
  await eventually(() => leadership.isLeading())
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, quick.idleMs)
  assert.equal(leadership.isLeading(), false)
  assert.equal(leadership.term(), undefined)
  await eventually(() => leadership.isLeading())
})

test('T15 A process that was frozen for six times the idle time as leader acts no more when it goes on; terms never go back.', async (t) => {
  const { url } = await testDatabase(t)
  const first = leaderProcess(t, url)
  await eventually(() => first.acts.length > 10)
  first.signal('SIGSTOP')
  const second = leaderProcess(t, url)
  const from = await eventually(() => second.acts[0]?.at)
  await eventually(() => Number((second.acts.at(-1)?.at ?? from) - from) / 1e6 > 6 * frozen.idleMs)
  const acted = first.acts.length
  first.signal('SIGCONT')
  await eventually(() => first.deposed())
  assert.equal(first.acts.length, acted)
  second.signal('SIGKILL')
  await eventually(() => first.acts.length > acted + 10)

  const terms = [...first.acts, ...second.acts]
    .sort((one, other) => Number(one.at - other.at))
    .map((one) => one.term)
  assert.deepEqual(
    terms,
    terms.toSorted((one, other) => one - other),
  )
  assert.equal(new Set(terms).size, 3)
})

/** A minute at the default timing corresponds to more than ten seconds at this one. */
const frozen = { beatMs: 500, leaseMs: 1_500, idleMs: 1_800 }

function leaderProcess(t: TestContext, url: string) {
  const file = `${import.meta.dirname}/../testing/leader-process.ts`
  const child = spawn(process.execPath, [file, url, JSON.stringify(frozen)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.after(() => child.kill('SIGKILL'))
  const acts: { term: number; at: bigint }[] = []
  let deposed = false
  createInterface(child.stdout).on('line', (line) => {
    const [what, term, at] = line.split(' ')
    if (what === 'deposed') deposed = true
    else acts.push({ term: Number(term), at: BigInt(at ?? 0) })
  })
  return { acts, deposed: () => deposed, signal: (name: NodeJS.Signals) => void child.kill(name) }
}

async function lineTo(t: TestContext) {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  return { url, line, far: Object.assign(new URL(url), { port: String(line.port) }).href }
}

type Quick = typeof quick & { name?: string; events: string[]; who: string }

function runner(t: TestContext, url: string, { events, who, name = 'test', ...times }: Quick): Leadership {
  const leadership = runForLeader(url, {
    ...{ name, ...times },
    onElected: () => void events.push(`${who} elected`),
    onDeposed: () => void events.push(`${who} deposed`),
  })
  t.after(leadership.close)
  return leadership
}
