import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '#server/testing/test-database.ts'
import { openAppender } from './appender.ts'
import { writeBorrowers } from './borrowers.ts'
import { broadcastEntry } from './broadcast.ts'
import { startGateways } from './gateways.ts'
import { killOne } from './kill-one.ts'
import { secret } from './wireside.ts'

const streams = 240

test('Streams of a killed gateway come back to the others, spread, with every entry once', async (t) => {
  const { url } = await testDatabase(t)
  const followers = await writeBorrowers(url, secret, 10)
  const appender = await openAppender(url)
  t.after(() => appender.close())
  const gateways = await startGateways(url, 3)
  t.after(() => gateways.stop())
  const fleet = {
    ...{ ...gateways, cookie: undefined, path: `/api/streams/${broadcastEntry.stream}?after=now` },
    send: () => appender.append(broadcastEntry),
  }
  const headers = followers.map((each) => each.headers)
  const killed = await killOne(fleet, { count: streams, headers, processes: 2 })
  assert.deepEqual([killed.lostServer, killed.lost, killed.twice], [streams / 3, 0, 0])
  assert.ok(killed.backMs < 30_000, `${killed.backMs} ms`)
  for (const count of killed.byNode) assert.ok(count > streams / 12, `${killed.byNode} came to the others`)
})
