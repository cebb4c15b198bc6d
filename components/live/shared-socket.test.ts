import assert from 'node:assert/strict'
import { test } from 'node:test'
import { socketPage } from './testing/socket-page.ts'

const problem = (status: number, slug: string) => ({ type: `/problems/${slug}`, title: slug, status })

test('Connects when somebody needs it, and closes some seconds after the last has left', async () => {
  const { line, server, clock, letGo, pass, states } = socketPage()
  await pass(0)
  assert.equal(server.sockets.length, 1)
  const again = line.hold()
  letGo()
  await pass(60_000)
  assert.equal(server.sockets.length, 1)
  again()
  await pass(4_999)
  assert.equal(server.sockets.length, 1)
  await pass(1)
  assert.equal(server.sockets.length, 0)
  assert.deepEqual([states[0], states[1], states.at(-1)], ['opening', 'live', 'idle'])
  assert.equal(clock.asleep, 0)
})

test('Suspended it closes at once, whoever holds it, and is back when it is resumed', async () => {
  const { line, server, pass, leave } = socketPage()
  await pass(0)
  line.suspend()
  await pass(0)
  assert.equal(server.sockets.length, 0)
  const another = line.hold()
  line.tryNow()
  await pass(60_000)
  assert.equal(server.state.opened, 1)
  line.resume()
  await pass(0)
  assert.equal(server.sockets.length, 1)
  another()
  await leave()
})

test('A page that comes soon after another has the same connection', async () => {
  const page = socketPage()
  await page.pass(0)
  page.letGo()
  await page.pass(4_000)
  const letGo = page.line.hold()
  await page.pass(60_000)
  assert.equal(page.server.state.opened, 1)
  letGo()
  await page.pass(5_000)
})

test('Follows from the place of the page: what was missed, then what comes', async () => {
  const page = socketPage()
  page.server.append()
  page.server.append()
  const room = page.follow()
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(room.given, [
    { seq: 1, live: false },
    { seq: 2, live: false },
    { seq: 3, live: true },
  ])
  assert.equal(room.cursor(), 'k7aa.3')
  assert.deepEqual(page.line.view().caughtUp, { done: 2, of: 2 })
  await page.leave()
})

test('From now on: nothing that was before', async () => {
  const page = socketPage()
  page.server.append()
  const room = page.follow('me', 'now')
  await page.pass(0)
  assert.equal(room.cursor(), 'k7aa.1')
  page.server.append()
  await page.pass(0)
  assert.deepEqual(room.seqs(), [2])
  await page.leave()
})

test('After a cut it goes on where it stood, and tells how long it was away', async () => {
  const page = socketPage()
  const room = page.follow()
  await page.pass(10_000)
  page.server.append()
  await page.pass(0)
  page.server.cutAll()
  page.server.append()
  page.server.append()
  await page.pass(0)
  assert.equal(page.line.view().state, 'opening')
  await page.pass(250)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(page.server.named('follow').at(-1), { stream: 'room:a', after: 'k7aa.1' })
  assert.deepEqual(
    room.given.map(({ seq, live }) => `${seq}${live ? '' : ' missed'}`),
    ['1', '2 missed', '3 missed', '4'],
  )
  const { missedForMs, caughtUp, reconnects } = page.line.view()
  assert.deepEqual([missedForMs, caughtUp, reconnects], [250, { done: 2, of: 2 }, 1])
  await page.leave()
})

test('bye: comes back after the time that the server gave, never before', async () => {
  const page = socketPage()
  await page.pass(10_000)
  page.server.bye({ reason: 'drain', retryMs: 2_000 })
  await page.pass(2_999)
  assert.equal(page.server.state.opened, 1)
  await page.pass(1)
  assert.equal(page.server.state.opened, 2)
  await page.leave()
})

test('bye because the session has ended is the end: no further try', async () => {
  const page = socketPage()
  const room = page.follow()
  await page.pass(0)
  page.server.bye({ reason: 'session-ended', retryMs: 0 })
  await page.pass(600_000)
  assert.equal(page.line.view().state, 'signed-out')
  assert.equal(page.server.state.opened, 1)
  assert.deepEqual(room.ends, [])
  page.line.tryNow()
  await page.pass(0)
  assert.equal(page.line.view().state, 'live')
  await page.leave()
})

test('No answer at all is offline: the pauses grow, and a try comes at once with the network, or in sight', async () => {
  const page = socketPage()
  await page.pass(10_000)
  page.server.state.road = 'refused'
  page.server.http.state.line = 'cut'
  page.server.cutAll()
  await page.pass(20_000)
  const { state, offlineSinceMs, nextTryAtMs } = page.line.view()
  assert.equal(state, 'offline')
  assert.equal(offlineSinceMs, page.clock.now() - 20_000)
  assert.ok(nextTryAtMs !== undefined && nextTryAtMs > page.clock.now())
  assert.ok(page.server.state.opened < 20)
  for (const wake of [
    () => page.browser('online'),
    () => page.line.tryNow(),
    () => {
      page.hide(true)
      page.hide(false)
    },
  ]) {
    const before = page.server.state.opened
    wake()
    await page.pass(0)
    assert.equal(page.server.state.opened, before + 1)
    assert.equal(page.line.view().state, 'offline')
  }
  page.server.state.road = 'clear'
  page.line.tryNow()
  await page.pass(0)
  assert.equal(page.line.view().state, 'live')
  assert.equal(page.line.view().offlineSinceMs, undefined)
  await page.leave()
})

for (const [status, slug, state] of [
  [401, 'unauthenticated', 'signed-out'],
  [403, 'origin-not-allowed', 'refused'],
] as const) {
  test(`An upgrade that is not granted is asked about: ${status} is the end`, async () => {
    const page = socketPage()
    page.server.state.road = 'refused'
    const { type, title } = problem(status, slug)
    page.server.http.refuseOnce(
      () => new Response(JSON.stringify({ type, title, status }), { status, headers: problemType }),
    )
    await page.pass(600_000)
    assert.equal(page.line.view().state, state)
    assert.equal(page.line.view().lastError?.status, status)
    assert.equal(page.server.state.opened, 1)
    await page.leave()
  })
}

test('A server that cannot now is left alone as long as it says', async () => {
  const page = socketPage()
  page.server.state.road = 'refused'
  page.server.http.refuseOnce(
    () =>
      new Response(JSON.stringify(problem(503, 'unavailable')), {
        status: 503,
        headers: { ...problemType, 'Retry-After': '5' },
      }),
  )
  await page.pass(5_000)
  assert.equal(page.line.view().state, 'backing-off')
  assert.equal(page.server.state.opened, 1)
  page.server.state.road = 'clear'
  await page.pass(5_000)
  assert.equal(page.line.view().state, 'live')
  assert.equal(page.line.view().lastError, undefined)
  await page.leave()
})

test('A line on which nothing opens is given up after 10 s', async () => {
  const page = socketPage()
  page.server.state.road = 'dead'
  page.server.http.state.line = 'dead'
  await page.pass(9_999)
  assert.equal(page.server.http.requests.length, 0)
  await page.pass(1)
  assert.equal(page.server.http.requests.length, 1)
  await page.pass(10_000)
  assert.equal(page.line.view().state, 'offline')
  await page.leave()
})

test('Awake again after sleep it opens a new connection at once, for the old one may be dead', async () => {
  const page = socketPage()
  await page.pass(10_000)
  await page.clock.sleepThrough(600_000)
  await page.pass(0)
  assert.equal(page.server.state.opened, 2)
  assert.equal(page.server.sockets.length, 1)
  await page.leave()
})

test('A hidden page keeps its socket; one that is left or frozen closes it, and goes on from its place when it is back', async () => {
  const page = socketPage()
  const room = page.follow()
  await page.pass(10_000)
  page.hide(true)
  await page.pass(600_000)
  assert.equal(page.server.state.opened, 1)
  page.hide(false)
  for (const [leave, back] of [
    [() => page.browser('pagehide'), () => page.browser('pageshow')],
    [() => page.page('freeze'), () => page.page('resume')],
  ] as const) {
    leave()
    await page.pass(0)
    assert.equal(page.server.sockets.length, 0)
    assert.equal(page.line.view().state, 'paused')
    page.server.append()
    back()
    await page.pass(0)
    assert.equal(page.line.view().state, 'live')
  }
  assert.deepEqual(room.seqs(), [1, 2])
  await page.leave()
})

test('What page and line were told stands in the view until the next answer: no flicker while it tries', async () => {
  const page = socketPage()
  await page.pass(10_000)
  page.server.state.road = 'refused'
  page.server.http.state.line = 'cut'
  page.server.cutAll()
  await page.pass(120_000)
  assert.deepEqual(page.states, ['opening', 'live', 'opening', 'offline'])
  await page.leave()
})

const problemType = { 'Content-Type': 'application/problem+json' }
