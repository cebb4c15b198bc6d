import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { formatCursor, LogUnavailable } from '#server/log/log.ts'
import { tcpProxy } from '#server/testing/tcp-proxy.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { longPoll } from './long-poll.ts'
import { untilChanged } from './until-changed.ts'

test('P3 At the deadline "nothing new" is not said of a log that is out of sight', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const through = Object.assign(new URL(url), { port: String(line.port) }).href
  const { log, feeds } = await logOn(t, through, { checkMs: 3_600_000, staleMs: 200 })
  const known = await feeds.open('a')
  const ask = { stream: 'a', after: known, known }
  const state = { cursor: formatCursor(known) }
  const polls = [
    (patience: AbortSignal) => longPoll(feeds, ask, patience),
    (patience: AbortSignal) => untilChanged(feeds, 'a', state.cursor, async () => state, patience),
  ]

  const [inSight, outOfSight] = [new AbortController(), new AbortController()]
  const early = polls.map((poll) => poll(inSight.signal))
  const late = polls.map((poll) => poll(outOfSight.signal))
  inSight.abort()
  assert.deepEqual(await Promise.all(early), [{ state: 'nothing-new', next: state.cursor }, state])
  line.refuse()
  line.cut()
  while (log.isFresh()) await pause(20)
  outOfSight.abort()
  for (const answer of await Promise.allSettled(late)) {
    assert.ok(answer.status === 'rejected' && answer.reason instanceof LogUnavailable)
  }
})
