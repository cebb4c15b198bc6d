import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { muteNotify } from '#server/testing/muted-notify.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type LogNode, logOn } from '#server/testing/test-log.ts'

test('What was rewritten is not read any more, on any node that had it in memory', async (t) => {
  const { url } = await testDatabase(t)
  const nodes = [await logOn(t, url), await logOn(t, url)]
  const [here] = nodes
  await here?.log.transact((tx) => here.log.append(tx, [note('secret'), note('plain')]))
  for (const node of nodes) await eventually(async () => (await words(node)).length === 2)
  await here?.log.transact((tx) => here.log.rewrite(tx, 'a', 1, ''))
  assert.deepEqual(here && (await words(here)), ['', 'plain'])
  for (const node of nodes) await eventually(async () => (await words(node))[0] === '')
  for (const node of nodes) assert.deepEqual(await words(node), ['', 'plain'])
})

test('A rewrite that is rolled back changes nothing', async (t) => {
  const { url } = await testDatabase(t)
  const node = await logOn(t, url)
  await node.log.transact((tx) => node.log.append(tx, [note('kept')]))
  const failing = node.log.transact(async (tx) => {
    await node.log.rewrite(tx, 'a', 1, '')
    throw new Error('rolled back')
  })
  await assert.rejects(failing, /rolled back/)
  assert.deepEqual(await words(node), ['kept'])
})

test('L7 The check takes back what was rewritten when no NOTIFY tells of it, within 2 s; without it the words stay', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const writer = await logOn(t, url)
  // Another process on the same database, whose LISTEN connection was silently dropped by a middlebox.
  const listening = {
    listenUrl: Object.assign(new URL(url), { port: String(line.port) }).href,
    listenMs: never,
  }
  const checked = await logOn(t, url, listening)
  const unchecked = await logOn(t, url, { ...listening, checkMs: never, staleMs: never })
  await writer.log.transact((tx) => writer.log.append(tx, [note('secret'), note('plain')]))
  for (const node of [checked, unchecked]) await eventually(async () => (await words(node)).length === 2)

  line.swallow()
  await writer.log.transact((tx) => writer.log.rewrite(tx, 'a', 1, ''))
  const rewrittenAt = performance.now()
  await eventually(async () => (await words(checked))[0] === '')
  assert.ok(performance.now() - rewrittenAt < 2_000)
  assert.deepEqual(await words(unchecked), ['secret', 'plain'])
  assert.ok(unchecked.listener.isConnected())

  await unchecked.log.check()
  assert.deepEqual(await words(unchecked), ['', 'plain'])
})

test('L7 What a long transaction lets every check find again is read anew once', async (t) => {
  const { url } = await testDatabase(t)
  await muteNotify(url)
  const node = await logOn(t, url, { checkMs: never, staleMs: never })
  const rewrites: string[] = []
  await node.log.transact((tx) => node.log.append(tx, [note('secret')]))
  const other = await logOn(t, url, { checkMs: never, staleMs: never })
  other.log.onRewrite((stream) => rewrites.push(stream))
  await node.log.transact(async (tx) => {
    await tx.$queryRaw`SELECT pg_current_xact_id()::text`
    await node.database.prisma.$transaction((inner) => node.log.rewrite(inner, 'a', 1, ''))
    for (let look = 0; look < 3; look += 1) await other.log.check()
  })
  await other.log.check()
  assert.deepEqual(rewrites, ['a'])
})

test('L6 What the check finds and no wake-up has told of makes the node listen on another connection', async (t) => {
  const { url } = await testDatabase(t)
  await muteNotify(url)
  const writer = await logOn(t, url)
  const node = await logOn(t, url, { checkMs: never, staleMs: never })
  await node.feeds.open('a')
  for (let look = 0; look < 2; look += 1) await node.log.check()
  await writer.log.transact((tx) => writer.log.append(tx, [note('unheard')]))
  await node.log.check()
  assert.ok(node.listener.isConnected(), 'it may be on its way')
  await node.log.check()
  assert.equal(node.listener.isConnected(), false)
  await eventually(node.listener.isConnected)
})

test('L6 A notification that makes no sense harms no feed', async (t) => {
  const { url } = await testDatabase(t)
  const node = await logOn(t, url)
  await node.feeds.open('a')
  const writer = await logOn(t, url)
  for (const seq of ['', 'x', 'NaN', '1e999', '-1', '1.5', '9007199254740992', '9007199254740991']) {
    for (const message of [seq, `rewritten ${seq}`]) writer.backplane.publish('log:a', message)
  }
  for (const payload of [
    '',
    'a',
    'a 1.',
    'a 1.[',
    'a 1.{}',
    'a 1.[["log:a"]]',
    'a 1.[["log:a",1]]',
    'a 1+[',
  ]) {
    await node.database.pool.query('SELECT pg_notify($1, $2)', ['wireside_backplane', payload])
  }
  await writer.log.transact((tx) => writer.log.append(tx, [note('sense')]))
  await eventually(async () => (await words(node)).length === 1)
  await eventually(() => node.feeds.headOf('a')?.seq === 1)
})

const never = 3_600_000

function note(data: string) {
  return { stream: 'a', type: 'note', data }
}

async function words({ feeds }: LogNode): Promise<string[]> {
  const batch = await feeds.read('a', 'start')
  return batch.type === 'reset' ? [] : batch.entries.map(({ json }) => JSON.parse(json).data)
}
