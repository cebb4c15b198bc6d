import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { WirePage } from '#server/protocol/streams.ts'
import { eventually } from '#server/testing/eventually.ts'
import { followed } from '#server/testing/followed.ts'
import { expectProblem } from '#server/testing/problem.ts'
import { testApp } from '#server/testing/test-app.ts'
import { createPulse, pulseStream } from './pulse.ts'

test('The pulse beats whether somebody reads or not, so that whoever comes sees what has been', async (t) => {
  const { feeds, pass } = restless(t)
  assert.equal(await pass(3), 3)
  const seen = followed(feeds, pulseStream, 'start', t.signal).next()
  const { value } = await seen
  assert.equal(value?.type === 'entries' && value.next.seq, 3)
})

test('What somebody sends is one entry more, at once, and moves no beat', async (t) => {
  const { feeds, pass, send } = restless(t)
  await pass(1)
  const waiting = followed(feeds, pulseStream, 'now', t.signal).next()
  await turn()
  assert.equal((await send()).seq, 2)
  const { value } = await waiting
  assert.equal(value?.type === 'entries' && value.next.seq, 2)
  assert.equal(await pass(1), 3)
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
  await first.bytes()
  // It may beat between the two.
  await eventually(async () => {
    const tag = (await fetch(url)).headers.get('etag') ?? ''
    return (await fetch(url, { headers: { 'if-none-match': tag, cookie: 'a=b' } })).status === 304
  })
  assert.equal((await fetch(`${url}?after=now&wait=0`)).status, 204)
})

test('W6 Anybody sends an event to the pulse, so often a minute', async (t) => {
  const app = await testApp(t, { PULSES_PER_MINUTE: '3' })
  const url = `http://127.0.0.1:${app.port}/api/streams/${pulseStream}`
  const send = () => fetch(`${url}/events`, { method: 'POST' })
  const sent = await send()
  assert.equal(sent.status, 201)
  const { cursor } = (await sent.json()) as { cursor: string }
  const page = (await (await fetch(url)).json()) as WirePage
  assert.ok(
    page.entries.some(({ seq, data }) => cursor.endsWith(`.${seq}`) && !(data as { beat: boolean }).beat),
  )
  assert.deepEqual([(await send()).status, (await send()).status], [201, 201])
  const refused = await send()
  assert.ok(Number(refused.headers.get('retry-after')) > 0)
  await expectProblem(refused, 429, 'rate-limited')
})

/** A pulse that beats once a second of mock time. `pass` gives the beats so far. */
function restless(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { feeds, send, close } = createPulse({ gapMs: () => 1_000 })
  t.after(close)
  const beats = async () => (await feeds.open(pulseStream)).seq
  const pass = async (gaps: number) => {
    for (let n = 0; n < gaps; n += 1) {
      t.mock.timers.tick(1_000)
      await turn()
    }
    return beats()
  }
  return { feeds, send, pass, beats }
}
