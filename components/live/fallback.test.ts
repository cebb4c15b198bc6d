import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followedStream } from './testing/followed-stream.ts'

const threeBeatsMs = 45_000

test('A proxy that holds all back is found out within seconds: no ready, twice, though polls are answered', async () => {
  const page = followedStream()
  page.server.state.line = 'holds-all'
  page.server.append()
  await page.pass(5_000)
  assert.equal(page.view.state, 'fallback')
  assert.deepEqual(page.view.fallbackReason, { how: 'opening' })
  page.server.append()
  await page.pass(0)
  assert.deepEqual(page.seqs(), [1, 2])
  assert.equal(page.polls().at(-1)?.headers.get('prefer'), 'wait=25')
  page.leave()
})

test('A proxy that holds back for 8 s at a time is found out within three beats, and loses nothing', async () => {
  const page = followedStream()
  page.server.state.line = { holdsMs: 8_000 }
  await page.pass(threeBeatsMs)
  page.server.append()
  await page.pass(0)
  assert.equal(page.view.state, 'fallback')
  assert.deepEqual(page.seqs(), [1])
  page.leave()
})

test('A proxy that lets the opening through in time, by luck, is given away by its bunches', async () => {
  const page = followedStream()
  // `ready` goes out just before each flush, so only what comes later reveals the buffering.
  await page.pass(7_900)
  page.line('online')
  page.server.state.line = { holdsMs: 8_000 }
  page.line('online')
  await page.pass(200)
  assert.equal(page.view.state, 'live')
  for (let n = 0; n < 30 && page.view.state === 'live'; n += 1) {
    page.server.append()
    await page.pass(1_500)
  }
  assert.equal(page.view.state, 'fallback')
  await page.pass(0)
  assert.deepEqual(
    page.seqs(),
    page.server.entries.map(({ seq }) => seq),
  )
  page.leave()
})

test('A proxy that lets ready through and then holds is found out: beats stay away twice, polls bring what it held', async () => {
  const page = followedStream()
  page.server.state.line = 'holds-the-rest'
  await page.pass(0)
  assert.equal(page.view.state, 'live')
  page.server.append()
  await page.pass(threeBeatsMs)
  assert.equal(page.view.state, 'fallback')
  assert.deepEqual(page.view.fallbackReason, { how: 'silence' })
  assert.deepEqual(page.seqs(), [1])
  page.leave()
})

test('The same proxy is found out within three beats although nothing was written meanwhile', async () => {
  const page = followedStream()
  page.server.state.line = 'holds-the-rest'
  await page.pass(0)
  assert.equal(page.view.state, 'live')
  await page.pass(threeBeatsMs)
  assert.equal(page.view.state, 'fallback')
  page.server.append()
  await page.pass(0)
  assert.deepEqual(page.seqs(), [1])
  page.leave()
})

test('One hiccup of the line is no proxy: beats that came late once are forgiven', async () => {
  const page = followedStream()
  await page.pass(20_000)
  const [source] = page.server.sources
  page.server.state.beats = false
  const late = new Date(page.clock.now()).toISOString()
  await page.pass(4_000)
  source?.send(`event: beat\ndata: ${JSON.stringify({ at: late })}\n\n`)
  page.server.state.beats = true
  await page.pass(300_000)
  assert.equal(page.view.state, 'live')
  assert.ok(!page.types().includes('fallback'))
  page.leave()
})

test('A network that comes up late after waking is no proxy, though a poll was answered before the source', async () => {
  const page = followedStream()
  page.server.state.line = 'dead'
  await page.pass(2_900)
  page.server.state.line = 'clear'
  await page.pass(300_000)
  assert.equal(page.view.state, 'live')
  assert.ok(!page.types().includes('fallback'))
  page.leave()
})

test('What piled up while the tab was frozen is not held against the line', async () => {
  const page = followedStream()
  await page.pass(1_000)
  for (let n = 0; n < 3; n += 1) {
    page.server.append()
    await page.clock.sleepThrough(4_000)
  }
  await page.pass(300_000)
  assert.ok(!page.types().includes('fallback'))
  page.leave()
})

test('A backlog is old by nature: catching up is not held against the line', async () => {
  const page = followedStream()
  await page.pass(0)
  page.server.cutAll()
  page.server.state.line = 'cut'
  for (let n = 0; n < 5; n += 1) {
    page.server.append()
    await page.pass(2_000)
  }
  page.server.state.line = 'clear'
  page.line('online')
  await page.pass(300_000)
  assert.equal(page.view.state, 'live')
  assert.ok(!page.types().includes('fallback'))
  assert.deepEqual(page.view.caughtUp, { done: 5, of: 5 })
  page.leave()
})

test('Event streams are tried again after 30 s, then half as often each time, and stay when they get through', async () => {
  const page = followedStream()
  page.server.state.line = 'holds-all'
  await page.pass(200_000)
  const fallbacks = page.steps.filter(({ type }) => type === 'fallback')
  assert.ok(fallbacks.length >= 3)
  const asked = page.sse().map(({ atMs }) => atMs)
  const pauses = asked.slice(1).map((atMs, n) => Math.round((atMs - (asked[n] ?? 0)) / 1_000))
  assert.deepEqual(pauses.slice(0, 4), [3, 31, 61, 121].slice(0, pauses.length))
  page.server.append()
  page.server.state.line = 'clear'
  await page.pass(300_000)
  assert.equal(page.view.state, 'live')
  assert.equal(page.view.fallbackReason, undefined)
  assert.deepEqual(page.seqs(), [1])
  page.leave()
})

test('Event streams are tried at once when the reader asks or the line changes', async () => {
  const page = followedStream()
  page.server.state.line = 'holds-all'
  await page.pass(10_000)
  assert.equal(page.view.state, 'fallback')
  page.server.state.line = 'clear'
  page.activity.interrupt()
  await page.pass(0)
  assert.equal(page.view.state, 'live')
  page.leave()
})

test('The fallback survives a cut, a refusal and a reset as the stream does', async () => {
  const page = followedStream()
  page.server.state.line = 'holds-all'
  await page.pass(10_000)
  page.server.state.epoch = 'm2bb'
  page.server.append()
  await page.pass(30_000)
  assert.ok(page.types().includes('reset'))
  assert.equal(page.view.cursor, 'm2bb.1')
  page.leave()
})
