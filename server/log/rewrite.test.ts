import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
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

function note(data: string) {
  return { stream: 'a', type: 'note', data }
}

async function words({ feeds }: LogNode): Promise<string[]> {
  const batch = await feeds.read('a', 'start')
  return batch.type === 'reset' ? [] : batch.entries.map(({ json }) => JSON.parse(json).data)
}
