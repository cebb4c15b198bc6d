import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { onServer } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type Leadership, runForLeader } from './leadership.ts'

function striver(t: TestContext, url: string): Leadership & { told: string[] } {
  const told: string[] = []
  const lead = () => void told.push('lead')
  const lose = () => void told.push('lose')
  const leadership = runForLeader(url, { name: 'test', lead, lose })
  t.after(leadership.close)
  return { ...leadership, told }
}

test('Of several that strive one leads; when it ends, another does, and is told so once.', async (t) => {
  const { url } = await testDatabase(t)
  const strivers = [striver(t, url), striver(t, url), striver(t, url)]
  const leaders = () => strivers.filter((one) => one.isLeading())
  for (let left = 3; left > 0; left -= 1) {
    await eventually(() => leaders().length > 0)
    const [leader] = leaders()
    assert.ok(leader)
    assert.equal(leaders().length, 1)
    assert.deepEqual(leader.told, ['lead'])
    await leader.close()
    strivers.splice(strivers.indexOf(leader), 1)
  }
})

test('Who is cut off leads on until the lock is with another, and then loses the lead.', async (t) => {
  const { url } = await testDatabase(t)
  const first = striver(t, url)
  await eventually(() => first.isLeading())
  const cut = () =>
    onServer(
      url,
      `SELECT pg_terminate_backend(pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
       WHERE locktype = 'advisory' AND datname = current_database()`,
    )
  await cut()
  const second = striver(t, url)
  // Both ask for the lock now; who gets it is not ours to say, but in the end it is one.
  await eventually(async () => {
    if (!second.isLeading()) await cut()
    return second.isLeading() && !first.isLeading()
  })
  assert.deepEqual(first.told.slice(0, 2), ['lead', 'lose'])
  assert.equal(second.told.at(-1), 'lead')
})

const quick = { beatMs: 100, leaseMs: 400, idleMs: 500 }

for (const [how, act] of [
  ['is cut off without a word', 'freeze'],
  ['is not answered any more', 'holdAnswers'],
] as const) {
  test(`T15 One that ${how} gives up, and then another leads, for a later term.`, async (t) => {
    const { far, url, line } = await lineTo(t)
    const told: string[] = []
    const first = runner(t, far, { ...quick, told, who: 'first' })
    const before = await eventually(first.term)
    line[act]()
    const second = runner(t, url, { ...quick, told, who: 'second' })
    const after = await eventually(second.term)
    assert.ok(after > before, `${before}, then ${after}`)
    assert.equal(first.term(), undefined)
    assert.deepEqual(told, ['first leads', 'first loses', 'second leads'])
  })
}

test('T15 The session of one that is cut off is ended for that; another that is not ended holds the lead.', async (t) => {
  const { far, url, line } = await lineTo(t)
  const told: string[] = []
  const first = runner(t, far, { ...quick, told, who: 'first' })
  const endless = runner(t, far, { ...quick, idleMs: 0, name: 'control', told, who: 'endless' })
  await eventually(() => first.isLeading() && endless.isLeading())
  line.freeze()
  const successor = runner(t, url, { ...quick, name: 'control', told, who: 'successor' })
  await eventually(runner(t, url, { ...quick, told, who: 'second' }).isLeading)
  assert.ok(!endless.isLeading() && !successor.isLeading())
})

test('T15 One that was frozen knows at once, before it hears of anything, that it may lead no more.', async (t) => {
  const { url } = await testDatabase(t)
  const leadership = runForLeader(url, {
    name: 'test',
    ...quick,
    lead: () => undefined,
    lose: () => undefined,
  })
  t.after(leadership.close)
  await eventually(() => leadership.isLeading())
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, quick.idleMs)
  assert.equal(leadership.isLeading(), false)
  assert.equal(leadership.term(), undefined)
  await eventually(() => leadership.isLeading())
})

async function lineTo(t: TestContext) {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  return { url, line, far: Object.assign(new URL(url), { port: String(line.port) }).href }
}

type Quick = typeof quick & { name?: string; told: string[]; who: string }

function runner(t: TestContext, url: string, { told, who, name = 'test', ...times }: Quick): Leadership {
  const leadership = runForLeader(url, {
    ...{ name, ...times },
    lead: () => void told.push(`${who} leads`),
    lose: () => void told.push(`${who} loses`),
  })
  t.after(leadership.close)
  return leadership
}
