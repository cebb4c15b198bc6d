import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createRunStreams } from './run-streams.ts'

test('LAB4 A run’s stream keeps its newest entries, and its cursors lead nowhere in another’s.', async (t) => {
  const streams = opened(t, { retention: 3 })
  for (const runId of ['a', 'b']) streams.open(runId)
  for (let atMs = 1; atMs <= 5; atMs += 1) {
    await streams.tell('a', { type: 'incident', incident: { atMs, what: 'cut' } })
  }
  const batch = await streams.feedsOf('lab:a')?.read('lab:a', 'start')
  assert.ok(batch?.type === 'entries')
  assert.deepEqual(
    batch.entries.map(({ seq, type }) => [seq, type]),
    [3, 4, 5].map((seq) => [seq, 'run.incident']),
  )
  assert.match((await streams.cursorOf('a')) ?? '', /\.5$/)
  const other = await streams.feedsOf('lab:b')?.read('lab:b', batch.next)
  assert.equal(other?.type, 'reset')
})

test('LAB4 It goes some time after the end of its run, but not under those who follow it.', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const streams = opened(t, { keptMs: 1_000 })
  streams.open('a')
  const feeds = streams.feedsOf('lab:a')
  assert.ok(feeds)
  const after = await feeds.open('lab:a')
  const following = feeds.follow('lab:a', after, {
    take: () => true,
    onBacklog: () => undefined,
    onAccessRevoked: () => undefined,
  })
  streams.over('a')
  t.mock.timers.tick(1_000)
  assert.ok(streams.feedsOf('lab:a'), 'Somebody follows it')
  following.stop()
  t.mock.timers.tick(999)
  assert.ok(streams.feedsOf('lab:a'))
  t.mock.timers.tick(1)
  assert.equal(streams.feedsOf('lab:a'), undefined)
  assert.equal(await streams.cursorOf('a'), undefined)
  await streams.tell('a', { type: 'state', state: 'done' })
})

function opened(t: TestContext, options: Parameters<typeof createRunStreams>[0]) {
  const streams = createRunStreams(options)
  t.after(streams.close)
  return streams
}
