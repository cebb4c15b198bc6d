import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { LogUnavailable } from '#server/log/log.ts'
import { tcpProxy } from '#server/testing/tcp-proxy.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { longPoll } from './long-poll.ts'

test('P3 At the deadline "nothing new" is not said of a log that is out of sight', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const through = Object.assign(new URL(url), { port: String(line.port) }).href
  const { log, feeds } = await logOn(t, through, { checkMs: 3_600_000, staleMs: 200 })
  const known = await feeds.open('a')
  const ask = { stream: 'a', after: known, known }

  const [inSight, outOfSight] = [new AbortController(), new AbortController()]
  const answers = [longPoll(feeds, ask, inSight.signal), longPoll(feeds, ask, outOfSight.signal)]
  inSight.abort()
  assert.equal((await answers[0])?.state, 'nothing-new')
  line.refuse()
  line.cut()
  while (log.isFresh()) await pause(20)
  outOfSight.abort()
  await assert.rejects(async () => answers[1], LogUnavailable)
})
