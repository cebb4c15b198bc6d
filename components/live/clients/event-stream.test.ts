import assert from 'node:assert/strict'
import { test } from 'node:test'
import { problem } from '#components/live/testing/fake-stream-server.ts'
import { followedStream } from '#components/live/testing/followed-stream.ts'

test('Opens after its cursor, past the browser cache, and yields what is there and what comes', async () => {
  const page = followedStream()
  page.server.append()
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  const [request] = page.sse()
  assert.equal(request?.url, '/api/streams/me?after=k7aa.0')
  assert.equal(request?.headers.get('last-event-id'), 'k7aa.0')
  assert.equal(request?.cache, 'no-store')
  assert.deepEqual(page.types(), ['opening', 'ready', 'entries', 'entries'])
  assert.deepEqual(page.seqs(), [1, 2])
  assert.equal(page.view.state, 'live')
  page.leave()
})

test('From now on: begins at the cursor that ready names, and sends it when it comes back', async () => {
  const page = followedStream({ after: 'now' })
  await page.pass(0)
  assert.equal(page.sse()[0]?.headers.get('last-event-id'), null)
  page.server.closeAll()
  page.server.append()
  await page.pass(500)
  assert.equal(page.sse()[1]?.headers.get('last-event-id'), 'k7aa.0')
  assert.deepEqual(page.seqs(), [1])
  page.leave()
})

test('Beats keep the source: it is never opened anew', async () => {
  const page = followedStream()
  await page.pass(600_000)
  assert.equal(page.server.requests.length, 1)
  assert.equal(page.types().filter((type) => type === 'beat').length, 40)
  page.leave()
})

test('A silent line is given up once a poll was not answered in 10 s either, and the next source goes on from the cursor', async () => {
  const page = followedStream()
  page.server.append()
  await page.pass(0)
  page.server.state.line = 'dead'
  await page.pass(27_999)
  assert.equal(page.sse().length, 1)
  await page.pass(1)
  assert.equal(page.sse().length, 2)
  assert.equal(page.sse()[1]?.headers.get('last-event-id'), 'k7aa.1')
  page.leave()
})

test('A dead line is offline, never a proxy: no poll is answered either', async () => {
  const page = followedStream()
  await page.pass(1_000)
  page.server.state.line = 'dead'
  await page.pass(300_000)
  assert.equal(page.view.state, 'offline')
  assert.ok(!page.types().includes('fallback'))
  page.server.append()
  page.server.state.line = 'clear'
  await page.pass(40_000)
  assert.equal(page.view.state, 'live')
  assert.deepEqual(page.seqs(), [1])
  page.leave()
})

test('A source that closes without a word is opened again, with full jitter', async () => {
  const page = followedStream({ random: () => 0.5 })
  await page.pass(10_000)
  page.server.closeAll()
  await page.pass(249)
  assert.equal(page.view.state, 'opening')
  assert.equal(page.sse().length, 1)
  await page.pass(1)
  assert.equal(page.sse().length, 2)
  assert.equal(page.view.state, 'live')
  page.leave()
})

test('Backs off from 0.5 s to 3 s while the line is cut, and counts offline from the end of the last source', async () => {
  const page = followedStream({ random: () => 0.5 })
  await page.pass(10_000)
  const cutAtMs = page.clock.now()
  page.server.state.line = 'cut'
  page.server.cutAll()
  await page.pass(120_000)
  const [, ...tries] = page.sse()
  const pauses = tries.map(({ atMs }, n) => atMs - (tries[n - 1]?.atMs ?? cutAtMs))
  assert.deepEqual(pauses.slice(0, 6), [250, 500, 1_000, 1_500, 1_500, 1_500])
  assert.equal(page.view.state, 'offline')
  assert.equal(page.view.offlineSinceMs, cutAtMs)
  page.server.state.line = 'clear'
  page.line('online')
  await page.pass(0)
  assert.equal(page.view.state, 'live')
  assert.equal(page.view.missedForMs, 120_000)
  page.leave()
})

test('bye is obeyed: back after retryMs, later rather than earlier', async () => {
  const page = followedStream({ random: () => 0.25 })
  await page.pass(0)
  page.server.bye({ reason: 'drain', retryMs: 2_000 })
  await page.pass(2_499)
  assert.equal(page.sse().length, 1)
  assert.deepEqual(page.last(), { type: 'bye', reason: 'drain', nextTryAtMs: page.clock.now() + 1 })
  await page.pass(1)
  assert.equal(page.sse().length, 2)
  page.leave()
})

test('bye because the session has ended is the end: no further try', async () => {
  const page = followedStream()
  await page.pass(0)
  page.server.bye({ reason: 'session-ended', retryMs: 0 })
  await page.pass(600_000)
  await page.finished
  assert.equal(page.view.state, 'signed-out')
  assert.equal(page.server.requests.length, 1)
  assert.equal(page.clock.asleep, 0)
})

test('A right that has ended ends the stream: it is not asked for again', async () => {
  const page = followedStream()
  await page.pass(0)
  page.server.bye({ reason: 'right-ended', retryMs: 0 })
  await page.pass(600_000)
  await page.finished
  assert.equal(page.view.state, 'refused')
  assert.equal(page.view.lastError?.status, 404)
  assert.equal(page.server.requests.length, 1)
})

for (const [status, slug, end] of [
  [401, 'unauthenticated', 'signed-out'],
  [403, 'forbidden', 'refused'],
  [404, 'not-found', 'refused'],
] as const) {
  test(`${status} is the end: ${end}, without another try`, async () => {
    const page = followedStream()
    page.server.refuseOnce(() => problem(status, slug))
    await page.pass(600_000)
    await page.finished
    assert.deepEqual(page.types(), ['opening', end])
    assert.equal(page.server.requests.length, 1)
    assert.equal(page.clock.asleep, 0)
  })
}

for (const [status, slug] of [
  [503, 'unavailable'],
  [429, 'too-many-connections'],
  [408, 'bad-request'],
] as const) {
  test(`${status} is survived: Retry-After is obeyed, and the refusal told with its request id`, async () => {
    const page = followedStream({ random: () => 0 })
    page.server.refuseOnce(() => problem(status, slug, {}, { 'Retry-After': '7', 'X-Request-Id': 'r-9' }))
    await page.pass(6_999)
    assert.equal(page.view.state, 'backing-off')
    assert.equal(page.view.lastError?.requestId, 'r-9')
    assert.equal(page.view.nextTryAtMs, page.clock.now() + 1)
    await page.pass(1)
    assert.equal(page.view.state, 'live')
    assert.equal(page.view.lastError, undefined)
    page.leave()
  })
}

test('A reset goes on from the head and says so', async () => {
  const page = followedStream({ after: 'old1.9' })
  page.server.append()
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(page.types(), ['opening', 'ready', 'reset', 'entries'])
  assert.deepEqual(page.seqs(), [2])
  assert.equal(page.view.state, 'live')
  page.leave()
})

test('What is missing between two entries is asked for before going on, and what repeats is dropped', async () => {
  const page = followedStream()
  await page.pass(0)
  const [source] = page.server.sources
  page.server.state.line = 'clear'
  const lost = [1, 2].map((seq) => ({
    seq,
    type: 'note',
    at: new Date(page.clock.now()).toISOString(),
    data: {},
  }))
  page.server.entries.push(...lost)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(page.seqs(), [1, 2, 3])
  assert.equal(page.polls().length, 1)
  source?.send(`id: k7aa.2\ndata: ${JSON.stringify(lost[1])}\n\n`)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(page.seqs(), [1, 2, 3, 4])
  page.leave()
})

test('A hidden tab keeps its stream, or lets it go and takes it up again, as it was told', async () => {
  const bell = followedStream({ whileHidden: 'keep' })
  const feed = followedStream({ whileHidden: 'pause' })
  await Promise.all([bell.pass(0), feed.pass(0)])
  bell.hide(true)
  feed.hide(true)
  await Promise.all([bell.pass(60_000), feed.pass(60_000)])
  assert.deepEqual([bell.server.sources.length, feed.server.sources.length], [1, 0])
  assert.equal(feed.view.state, 'paused')
  feed.server.append()
  feed.hide(false)
  await feed.pass(0)
  assert.deepEqual(feed.seqs(), [1])
  bell.leave()
  feed.leave()
})

test('A page that is left or frozen closes its source; back again it goes on from its cursor', async () => {
  const page = followedStream()
  await page.pass(0)
  for (const [gone, back] of [
    [() => page.line('pagehide'), () => page.line('pageshow')],
    [() => page.page('freeze'), () => page.page('resume')],
  ] as const) {
    gone()
    await page.pass(5_000)
    assert.equal(page.server.sources.length, 0)
    page.server.append()
    back()
    await page.pass(0)
    assert.equal(page.server.sources.length, 1)
  }
  assert.deepEqual(page.seqs(), [1, 2])
  page.leave()
})

test('Awake again after sleep it opens a new source at once, for the old one may be dead', async () => {
  const page = followedStream()
  await page.pass(20_000)
  page.server.state.line = 'dead'
  await page.clock.sleepThrough(3_600_000)
  page.server.state.line = 'clear'
  await page.pass(0)
  assert.equal(page.sse().length, 2)
  await page.pass(60_000)
  assert.ok(!page.types().includes('fallback'))
  page.leave()
})

test('Leaving ends the source and every timer', async () => {
  const page = followedStream()
  await page.pass(20_000)
  page.leave()
  await page.finished
  await page.pass(0)
  assert.equal(page.server.sources.length, 0)
  assert.equal(page.clock.asleep, 0)
})
