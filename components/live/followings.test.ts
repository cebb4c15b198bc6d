import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seeded } from './testing/fake-clock.ts'
import { socketPage } from './testing/socket-page.ts'

const problem = (status: number, slug: string) => ({ type: `/problems/${slug}`, title: slug, status })

test('Two readers of one stream have places of their own: one that comes later is given what lies between', async () => {
  const page = socketPage()
  for (let n = 0; n < 3; n += 1) page.server.append()
  const first = page.follow('room:a', 'k7aa.3', { background: true })
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  const second = page.follow('room:a', 'k7aa.1')
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(first.seqs(), [4, 5])
  assert.deepEqual(second.seqs(), [2, 3, 4, 5])
  second.stop()
  page.server.append()
  await page.pass(0)
  assert.deepEqual([first.seqs().at(-1), second.seqs().at(-1)], [6, 5])
  await page.leave()
})

test('Let go and taken up in one breath, as Strict Mode does, it is never let go on the wire', async () => {
  const page = socketPage()
  page.follow().stop()
  const room = page.follow()
  await page.pass(0)
  page.follow('room:a', room.cursor()).stop()
  page.server.append()
  await page.pass(0)
  assert.deepEqual(room.seqs(), [1])
  assert.deepEqual(page.server.named('unfollow'), [])
  await page.leave()
})

test('Let go by all it is let go on the wire, by the name that the server gave', async () => {
  const page = socketPage()
  const own = page.follow('me', 'now')
  await page.pass(0)
  own.stop()
  await page.pass(0)
  assert.deepEqual(page.server.named('unfollow'), [{ stream: 'user:1' }])
  const early = page.follow('me', 'now')
  await Promise.resolve()
  early.stop()
  await page.pass(0)
  assert.equal(page.server.sockets[0]?.followed.size, 0)
  await page.leave()
})

test('Two names of one stream: each has what comes, and the stream stays until both are let go', async () => {
  const page = socketPage()
  const [me, own] = [page.follow('me'), page.follow('user:1')]
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  me.stop()
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  assert.deepEqual([me.seqs(), own.seqs()], [[1], [1, 2]])
  assert.deepEqual(page.server.named('unfollow'), [])
  await page.leave()
})

test('A gap is filled by asking, a repeat is dropped', async () => {
  const page = socketPage()
  const room = page.follow()
  await page.pass(0)
  for (let n = 0; n < 4; n += 1) page.server.http.append()
  const entries = page.server.http.entries.slice(2)
  page.server.tell('entries', { stream: 'room:a', entries, next: 'k7aa.4' })
  page.server.tell('entries', { stream: 'room:a', entries, next: 'k7aa.4' })
  await page.pass(0)
  assert.deepEqual(room.seqs(), [1, 2, 3, 4])
  assert.equal(page.server.http.requests.length, 1)
  await page.leave()
})

test('A gap that cannot be filled is no reason to go on with a hole: another connection begins at the place', async () => {
  const page = socketPage()
  const room = page.follow()
  await page.pass(10_000)
  for (let n = 0; n < 4; n += 1) page.server.http.append()
  page.server.http.state.line = 'cut'
  page.server.tell('entries', {
    stream: 'room:a',
    entries: page.server.http.entries.slice(2),
    next: 'k7aa.4',
  })
  await page.pass(500)
  assert.equal(page.server.state.opened, 2)
  assert.deepEqual(room.seqs(), [1, 2, 3, 4])
  await page.leave()
})

test('What comes before the acknowledgement is not lost', async () => {
  const page = socketPage()
  const room = page.follow('me', 'k7aa.0')
  page.server.append()
  await page.pass(0)
  page.server.state.refusals.set('room:b', [])
  const other = page.follow('room:b', 'k7aa.1')
  page.server.append()
  page.server.tell('entries', {
    stream: 'room:b',
    entries: page.server.http.entries.slice(1),
    next: 'k7aa.2',
  })
  await page.pass(0)
  assert.deepEqual(room.seqs(), [1, 2])
  assert.deepEqual(other.seqs(), [2])
  await page.leave()
})

test('A reset moves the place and says so; it goes on from the head, also after a cut', async () => {
  const page = socketPage()
  const room = page.follow('room:a', 'old0.7')
  page.server.append()
  await page.pass(0)
  assert.deepEqual(room.resets, ['k7aa.1'])
  page.server.cutAll()
  page.server.append()
  await page.pass(1_000)
  assert.deepEqual(room.seqs(), [2])
  assert.deepEqual(room.resets, ['k7aa.1'])
  await page.leave()
})

for (const [status, slug] of [
  [403, 'forbidden'],
  [404, 'not-found'],
  [429, 'too-many-subscriptions'],
] as const) {
  test(`A following that is refused with ${status} ends with the problem, the others go on`, async () => {
    const page = socketPage()
    page.server.state.refusals.set('room:b', [problem(status, slug)])
    const room = page.follow('room:a')
    const refused = page.follow('room:b')
    await page.pass(0)
    page.server.append()
    page.server.cutAll()
    await page.pass(60_000)
    assert.deepEqual([room.seqs(), refused.seqs(), refused.ends], [[1], [], [status]])
    assert.equal(page.server.named('follow').length, 3)
    await page.leave()
  })
}

test('A following that the server cannot grant now is asked for again, as late as it says', async () => {
  const page = socketPage()
  page.server.state.refusals.set('room:a', [{ ...problem(503, 'unavailable'), retryAfterMs: 3_000 }])
  const room = page.follow()
  page.server.append()
  await page.pass(3_000)
  assert.deepEqual(room.seqs(), [])
  await page.pass(1_500)
  assert.deepEqual(room.seqs(), [1])
  await page.leave()
})

test('When the right has ended the listener is told, and nothing comes after', async () => {
  const page = socketPage()
  const room = page.follow()
  await page.pass(0)
  page.server.tell('unfollowed', { stream: 'room:a', reason: 'right-ended' })
  page.server.append()
  page.server.cutAll()
  await page.pass(60_000)
  assert.deepEqual([room.ends, room.seqs()], [[undefined], []])
  assert.equal(page.server.named('follow').length, 1)
  await page.leave()
})

test('A listener that throws is reported, and loses nothing: neither its own next entries nor those of others', async () => {
  const page = socketPage()
  const seqs: number[] = []
  const fault = new Error('the page is at fault')
  page.line.follow(
    { name: 'room:a', after: 'k7aa.0' },
    {
      entries(entries) {
        seqs.push(...entries.map(({ seq }) => seq))
        if (seqs.length === 1) throw fault
      },
    },
  )
  const other = page.follow()
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  page.server.append()
  await page.pass(0)
  assert.deepEqual(
    [seqs, other.seqs()],
    [
      [1, 2],
      [1, 2],
    ],
  )
  assert.deepEqual(page.faults, [fault])
  await page.leave()
})

for (let seed = 1; seed <= 12; seed += 1) {
  test(`Whatever the line does, each reader is given each entry once and in order (seed ${seed})`, async () => {
    const random = seeded(seed)
    const page = socketPage({ random })
    const readers = [
      page.follow('room:a'),
      page.follow('me'),
      page.follow('room:b', 'k7aa.0', { background: true }),
    ]
    const modes = new Set<string>()
    for (let round = 0; round < 150; round += 1) {
      const roll = random()
      if (roll < 0.3) change()
      else if (roll < 0.4) page.server.cutAll()
      else if (roll < 0.44) page.server.bye({ reason: 'slow', retryMs: 1_000 })
      else if (roll < 0.48) page.line.tryNow()
      else if (roll < 0.5) await page.clock.sleepThrough(60_000)
      else if (roll < 0.55) readers.push(page.follow('room:a'))
      for (let burst = random() * 4; burst > 1; burst -= 1) page.server.append()
      await page.pass(Math.floor(random() * 20_000))
      modes.add(page.line.view().state)
    }
    page.server.state.road = 'clear'
    page.server.http.state.line = 'clear'
    page.line.tryNow()
    await page.pass(30_000)
    const all = page.server.http.entries.map(({ seq }) => seq)
    assert.ok(
      all.length > 100 && ['live', 'offline', 'fallback'].every((mode) => modes.has(mode)),
      [...modes].join(),
    )
    for (const reader of readers) assert.deepEqual(reader.seqs(), all)
    assert.equal(page.line.view().state, 'live')
    await page.leave()
    assert.equal(page.clock.asleep, 0)

    function change() {
      const road = roads[Math.floor(random() * roads.length)] ?? 'clear'
      page.server.state.road = road
      page.server.http.state.line = road === 'dead' ? 'dead' : random() < 0.2 ? 'cut' : 'clear'
      if (road === 'dead') return
      if (page.server.http.state.line === 'cut') page.server.state.road = 'refused'
    }
  })
}

const roads = ['clear', 'clear', 'refused', 'refused', 'cut-at-once', 'mute', 'dead'] as const
