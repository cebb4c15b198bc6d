import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { createWakeUps } from './wake-ups.ts'

test('Of what waits to be told there is one seq a stream, the highest, whatever the order', async (t) => {
  const { told, heard } = await twoNodes(t)
  for (let seq = 1; seq <= 1_000; seq += 1) told.tell(moved('room:1', seq % 2 ? seq + 1 : seq - 1))
  told.tell(moved('room:2', 1))
  await eventually(() => heard.includes('room:2 1'))
  const seqs = heard.filter((move) => move.startsWith('room:1 ')).map((move) => Number(move.split(' ')[1]))
  assert.ok(seqs.length <= 3, `${seqs.length} messages`)
  assert.equal(seqs.at(-1), 1_000)
  assert.deepEqual(
    seqs,
    seqs.toSorted((a, b) => a - b),
  )
})

test('Rewrites and the moves of accounts are told too, and more than 10,000 streams are told of as such', async (t) => {
  const { told, heard } = await twoNodes(t)
  told.tell({ moved: [], rewritten: [{ stream: 'room:1', seq: 7 }] })
  told.tell(moved('account:ann', 3))
  await eventually(() => heard.includes('rewritten room:1 7') && heard.includes('account:ann 3'))

  const many = Array.from({ length: 10_001 }, (_, n) => ({ stream: `room:${n}`, seq: 8 }))
  told.tell({ moved: many, rewritten: [] })
  await eventually(() => heard.includes('much'))
  told.tell(moved('room:2', 9))
  await eventually(() => heard.includes('room:2 9'))
  assert.ok(!heard.includes('room:1 8'))
})

/** The wake-ups of one node, and what another receives that listens to two rooms and all accounts. */
async function twoNodes(t: TestContext) {
  const { url } = await testDatabase(t)
  const [here, there] = [await logOn(t, url), await logOn(t, url)]
  const heard: string[] = []
  const nothing = () => undefined
  const told = createWakeUps(here.backplane, { moved: nothing, rewritten: nothing, muchChanged: nothing })
  const listening = createWakeUps(there.backplane, {
    moved: (stream, seq) => heard.push(`${stream} ${seq}`),
    rewritten: (stream, seq) => heard.push(`rewritten ${stream} ${seq}`),
    muchChanged: () => heard.push('much'),
  })
  await Promise.all(['room:1', 'room:2'].map(listening.listen))
  await listening.listenToAccounts()
  return { told, heard }
}

function moved(stream: string, seq: number) {
  return { moved: [{ stream, seq }], rewritten: [] }
}
