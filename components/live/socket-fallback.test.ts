import assert from 'node:assert/strict'
import { test } from 'node:test'
import { socketPage } from './testing/socket-page.ts'

test('Upgrades that are refused while polls are answered: twice in a row, and all goes another way', async () => {
  const page = socketPage()
  const room = page.follow()
  page.server.state.road = 'refused'
  await page.pass(1_000)
  const { state, fallbackReason, nextTryAtMs } = page.line.view()
  assert.deepEqual([state, fallbackReason], ['fallback', { how: 'refused-upgrade' }])
  assert.ok(nextTryAtMs !== undefined && nextTryAtMs > page.clock.now() + 29_000)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(room.given, [{ seq: 1, live: true }])
  assert.equal(page.server.http.sources.length, 1)
  await page.leave()
  assert.equal(page.server.http.sources.length, 0)
  assert.equal(page.clock.asleep, 0)
})

for (const [road, withinMs] of [
  ['cut-at-once', 3_000],
  ['mute', 33_000],
] as const) {
  test(`Sockets that are granted and lead nowhere (${road}): three times in a row`, async () => {
    const page = socketPage()
    page.server.state.road = road
    await page.pass(withinMs)
    assert.equal(page.server.state.opened, 3)
    assert.deepEqual(
      [page.line.view().state, page.line.view().fallbackReason],
      ['fallback', { how: 'cut-at-once' }],
    )
    await page.leave()
  })
}

test('A node that stops, and one that is killed again and again, is not taken for a proxy', async () => {
  const page = socketPage()
  for (let n = 0; n < 10; n += 1) {
    await page.pass(15_000)
    page.server.cutAll()
  }
  page.server.http.state.line = 'cut'
  page.server.state.road = 'refused'
  page.server.cutAll()
  await page.pass(300_000)
  page.server.http.state.line = 'clear'
  page.server.state.road = 'clear'
  await page.pass(20_000)
  assert.ok(!page.states.includes('fallback'))
  await page.leave()
})

test('Sockets are tried again after 30 s, then less and less often; the fallback serves meanwhile', async () => {
  const page = socketPage()
  const room = page.follow()
  page.server.state.road = 'refused'
  await page.pass(1_000)
  const opened = page.server.state.opened
  const tries: number[] = []
  for (let second = 1; second <= 1_900; second += 1) {
    const before = page.server.state.opened
    if (second % 100 === 0) page.server.append()
    await page.pass(1_000)
    if (page.server.state.opened > before) tries.push(second)
  }
  assert.equal(page.server.state.opened - opened, tries.length)
  const pauses = tries.map((second, n) => second - (tries[n - 1] ?? 0))
  assert.deepEqual(pauses, [30, 60, 120, 240, 480, 600])
  assert.equal(room.seqs().length, 19)
  assert.equal(page.server.http.requests.filter(({ sse }) => sse).length, 1)
  await page.leave()
})

test('A socket that opens takes over from the place where the fallback stood', async () => {
  const page = socketPage()
  const room = page.follow()
  page.server.state.road = 'refused'
  await page.pass(1_000)
  page.server.append()
  await page.pass(0)
  page.server.state.road = 'clear'
  page.line.tryNow()
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  assert.deepEqual([page.line.view().state, page.line.view().fallbackReason], ['live', undefined])
  assert.equal(page.server.http.sources.length, 0)
  assert.deepEqual(page.server.named('follow'), [{ stream: 'room:a', after: 'k7aa.1' }])
  assert.deepEqual(room.seqs(), [1, 2])
  await page.leave()
})

test('A stream in the background costs no connection: it is asked for about every 15 s', async () => {
  const page = socketPage()
  const quiet = page.follow('room:b', 'k7aa.0', { background: true })
  page.server.state.road = 'refused'
  await page.pass(1_000)
  page.server.append()
  await page.pass(16_500)
  assert.deepEqual(quiet.seqs(), [1])
  assert.equal(page.server.http.sources.length, 0)
  const seen = page.follow('room:b', quiet.cursor())
  await page.pass(0)
  assert.equal(page.server.http.sources.length, 1)
  page.server.append()
  await page.pass(0)
  assert.deepEqual([quiet.seqs(), seen.seqs()], [[1, 2], [2]])
  seen.stop()
  await page.pass(0)
  assert.equal(page.server.http.sources.length, 0)
  page.server.append()
  await page.pass(20_000)
  assert.deepEqual(quiet.seqs(), [1, 2, 3])
  await page.leave()
})

test('Commands are requests there, with the same names against doing them twice', async () => {
  const page = socketPage()
  page.server.state.road = 'refused'
  await page.pass(1_000)
  const order = { symbol: 'ACME', side: 'buy', type: 'market', quantity: 3 } as const
  const results = [
    await page.line.send('chat:send', { roomId: 'a', clientId: 'c1', body: 'hello', replyTo: 2 }),
    await page.line.send('chat:read', { roomId: 'a', upTo: 2 }),
    await page.line.send('order:place', { ...order, clientOrderId: 'o1' }),
    await page.line.send('order:cancel', { orderId: 'made' }),
    await page.line.send('chat:typing', { roomId: 'a' }),
  ]
  assert.deepEqual(
    results.map(({ state }) => state),
    ['done', 'done', 'done', 'done', 'done'],
  )
  assert.deepEqual(page.server.posted, [
    {
      method: 'POST',
      url: '/api/rooms/a/messages',
      body: { clientId: 'c1', body: 'hello', replyTo: 2 },
      key: null,
    },
    { method: 'POST', url: '/api/rooms/a/read', body: { upTo: 2 }, key: null },
    { method: 'POST', url: '/api/orders', body: order, key: 'o1' },
    { method: 'DELETE', url: '/api/orders/made', body: undefined, key: null },
  ])
  const [said] = results
  assert.deepEqual(said?.state === 'done' && 'seq' in said.value && said.value.seq, 1)
  await page.leave()
})

test('In the fallback too it says when nothing is answered, and when it is again', async () => {
  const page = socketPage()
  const room = page.follow()
  page.server.state.road = 'refused'
  await page.pass(1_000)
  page.server.http.state.line = 'cut'
  page.server.http.cutAll()
  await page.pass(5_000)
  assert.equal(page.line.view().state, 'offline')
  assert.deepEqual(await page.line.send('chat:read', { roomId: 'a', upTo: 1 }), { state: 'unanswered' })
  page.server.http.state.line = 'clear'
  page.server.append()
  await page.pass(20_000)
  assert.equal(page.line.view().state, 'fallback')
  assert.equal(page.line.view().offlineSinceMs, undefined)
  assert.deepEqual(room.seqs(), [1])
  await page.leave()
})

test('The end of the session is found there too', async () => {
  const page = socketPage()
  page.follow()
  page.server.state.road = 'refused'
  await page.pass(1_000)
  const type = '/problems/unauthenticated'
  const refusal = () =>
    new Response(JSON.stringify({ type, title: 'Sign in', status: 401 }), {
      status: 401,
      headers: { 'Content-Type': 'application/problem+json' },
    })
  page.server.http.refuseOnce(refusal)
  page.server.http.refuseOnce(refusal)
  page.server.http.bye({ reason: 'session-ended', retryMs: 0 })
  await page.pass(0)
  assert.equal(page.line.view().state, 'signed-out')
  await page.leave()
})

test('Prices come by a poll there, as ticks', async () => {
  const page = socketPage()
  page.server.state.road = 'refused'
  await page.pass(1_000)
  const heard: unknown[] = []
  const quote = { symbol: 'ACME', bidMinor: 1, askMinor: 2, lastMinor: 1, size: 5 }
  page.server.http.refuseOnce(() => Response.json([quote, { ...quote, symbol: 'ZINC' }]))
  const watching = page.line.watchPrices(['ACME'], ({ ticks }) => heard.push(...ticks))
  await page.pass(0)
  page.server.http.refuseOnce(() => Response.json([quote]))
  await page.pass(2_000)
  page.server.http.refuseOnce(() => Response.json([{ ...quote, lastMinor: 2 }]))
  await page.pass(2_000)
  assert.deepEqual(heard, [
    ['ACME', 1, 2, 1, 5],
    ['ACME', 1, 2, 2, 5],
  ])
  watching.stop()
  await page.pass(0)
  const asked = page.server.http.requests.length
  await page.pass(10_000)
  assert.equal(page.server.http.requests.length, asked)
  await page.leave()
})
