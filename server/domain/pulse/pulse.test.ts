import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { WirePage } from '#server/protocol/streams.ts'
import { followed } from '#server/testing/followed.ts'
import { testApp } from '#server/testing/test-app.ts'
import { createPulse, pulseStream } from './pulse.ts'

test('The pulse beats while somebody waits, and rests when nobody does', async (t) => {
  const { feeds, pass } = restless(t)
  assert.equal(await pass(5), 0, 'nobody has come yet')
  const patience = new AbortController()
  const waiting = followed(feeds, pulseStream, 'now', patience.signal)
  for (let n = 1; n <= 3; n += 1) {
    const next = waiting.next()
    await turn()
    await pass(1)
    const { value } = await next
    assert.equal(value?.type === 'entries' && value.next.seq, n)
  }
  const last = waiting.next()
  await turn()
  patience.abort()
  assert.equal((await last).done, true)
  const atRest = await pass(1)
  assert.equal(await pass(5), atRest)

  // The fence: the pulse was idle, not broken.
  const again = followed(feeds, pulseStream, 'now', t.signal).next()
  await turn()
  await pass(1)
  assert.equal((await again).value?.type, 'entries')
})

test('The pulse beats once a gap, however many read and whenever they do', async (t) => {
  const { feeds, pass, beats } = restless(t)
  const reader = (async () => {
    for await (const _ of followed(feeds, pulseStream, 'now', t.signal)) await feeds.read(pulseStream, 'now')
  })()
  await turn()
  for (let n = 1; n <= 5; n += 1) {
    await pass(1)
    assert.equal(await beats(), n)
  }
  feeds.close()
  await reader
})

test('A closed pulse leaves no timer', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const pulse = createPulse({ gapMs: () => 1_000 })
  await pulse.feeds.read(pulseStream, 'now')
  t.mock.timers.tick(1_000)
  pulse.close()
  await turn()
  t.mock.timers.tick(10_000)
  assert.equal((await pulse.feeds.open(pulseStream)).seq, 1)
  pulse.close()
})

test('The pulse is public: it is polled without a session, and its tag is everybody’s', async (t) => {
  const app = await testApp(t, { ROLES: 'web,gateway' })
  const url = `http://127.0.0.1:${app.port}/api/streams/${pulseStream}`
  const first = await fetch(url)
  assert.equal(first.status, 200)
  assert.equal(((await first.json()) as WirePage).head.split('.')[1], '0')
  const tag = first.headers.get('etag') ?? ''
  assert.equal((await fetch(url, { headers: { 'if-none-match': tag, cookie: 'a=b' } })).status, 304)
  assert.equal((await fetch(`${url}?after=now&wait=0`)).status, 204)
})

/** A pulse that beats once a second of mock time and stops as soon as nobody waits. `pass` returns the beats so far. */
function restless(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { feeds, close } = createPulse({ gapMs: () => 1_000, awakeMs: 0 })
  t.after(close)
  const beats = async () => (await feeds.open(pulseStream)).seq
  const pass = async (gaps: number) => {
    for (let n = 0; n < gaps; n += 1) {
      t.mock.timers.tick(1_000)
      await turn()
    }
    return beats()
  }
  return { feeds, pass, beats }
}
