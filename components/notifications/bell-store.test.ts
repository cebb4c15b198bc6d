import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tellNews } from '#components/live/cross-check.ts'
import { watchPage } from '#components/live/liveness.ts'
import { fakeClock, settled } from '#components/live/testing/fake-clock.ts'
import { fakeStreamServer, problem } from '#components/live/testing/fake-stream-server.ts'
import { fakeChannels, fakeLocks } from '#components/live/testing/fake-tabs.ts'
import type { WireNotificationList } from '#server/protocol/notifications.ts'
import type { Arrival } from './bell.ts'
import { createBellStore } from './bell-store.ts'

test('What arrives live is fresh for five seconds, and toasted once in two windows side by side', async () => {
  const { open, pass, make } = browser()
  const [left, right] = [open(), open()]
  await pass(1_000)
  make()
  await pass(0)
  for (const window of [left, right]) {
    assert.equal(window.bell().unread, 1)
    assert.deepEqual([...window.bell().fresh], [1])
  }
  assert.equal(left.arrivals.length + right.arrivals.length, 1)
  await pass(5_000)
  assert.equal(left.bell().fresh.size, 0)
  left.close()
  right.close()
})

test('A hidden tab toasts nothing, and leaves it to the visible one', async () => {
  const { open, pass, make } = browser()
  const [hidden, visible] = [open({ hidden: true }), open()]
  await pass(1_000)
  make()
  await pass(0)
  assert.deepEqual([hidden.arrivals.length, visible.arrivals.length], [0, 1])
  hidden.close()
  visible.close()
})

test('What was missed while the line was down is counted, not toasted one by one; a single one is shown', async () => {
  const { open, pass, make, server } = browser()
  const tab = open()
  await pass(1_000)
  for (const missed of [3, 1]) {
    server.state.line = 'cut'
    server.cutAll()
    await pass(0)
    for (let n = 0; n < missed; n += 1) make()
    server.state.line = 'clear'
    tab.activity.interrupt()
    await pass(0)
  }
  const [several, one] = tab.arrivals
  assert.deepEqual(several, { type: 'missed', count: 3 })
  assert.ok(one?.type === 'one' && one.notification.seq === 4)
  assert.equal(tab.bell().unread, 4)
  tab.close()
})

test('A tab that was away while another one listened counts and toasts nothing when it is back', async () => {
  const { open, pass, make } = browser()
  const [away, there] = [open(), open()]
  await pass(1_000)
  away.page('freeze')
  await pass(0)
  make()
  await pass(60_000)
  away.page('resume')
  await pass(1_000)
  assert.equal(away.bell().unread, 1)
  assert.deepEqual([away.arrivals.length, there.arrivals.length], [0, 1])
  away.close()
  there.close()
})

test('A bell whose line is down tries at once when the page shows something that may ring it', async () => {
  const { open, pass, make, server } = browser()
  const tab = open()
  await pass(1_000)
  server.state.line = 'cut'
  server.cutAll()
  await pass(10_000)
  server.state.line = 'clear'
  make()
  await pass(0)
  assert.equal(tab.bell().unread, 0)
  tellNews('page', ['me'])
  await pass(0)
  assert.equal(tab.bell().unread, 1)
  tab.close()
})

test('History is never toasted', async () => {
  const { open, pass, make } = browser()
  make()
  make()
  const tab = open({ initial: false })
  await pass(1_000)
  assert.ok(tab.bell().loaded)
  assert.equal(tab.bell().unread, 2)
  assert.deepEqual(tab.arrivals, [])
  make()
  await pass(0)
  assert.equal(tab.arrivals.length, 1)
  tab.close()
})

test('A mark is sent, shown at once, and taken back when the server refuses', async () => {
  const { open, pass, make, asked, refuseReading } = browser()
  const tab = open()
  await pass(1_000)
  make()
  make()
  await pass(0)
  tab.bell().markRead([1])
  assert.equal(tab.bell().unread, 1)
  await pass(0)
  assert.equal(tab.bell().unread, 1)
  assert.deepEqual(asked.at(-1), { seqs: [1] })
  refuseReading()
  tab.bell().markAllRead()
  assert.equal(tab.bell().unread, 0)
  await pass(0)
  assert.deepEqual(asked.at(-1), { upTo: 2 })
  assert.equal(tab.bell().unread, 1)
  assert.equal(tab.bell().lastError?.status, 503)
  tab.close()
})

test('After a reset the list is read again', async () => {
  const { open, pass, make, server } = browser()
  const tab = open()
  await pass(1_000)
  make()
  await pass(0)
  server.state.epoch = 'm2bb'
  server.closeAll()
  await pass(1_000)
  assert.equal(tab.bell().unread, 1)
  make()
  await pass(0)
  assert.deepEqual(
    tab.bell().notifications.map(({ seq }) => seq),
    [2, 1],
  )
  tab.close()
})

test('Without locks every visible tab has its own stream, and a hidden one none', async () => {
  const { open, pass, make, server } = browser({ shares: false })
  const [one, two] = [open(), open({ hidden: true })]
  await pass(1_000)
  make()
  await pass(0)
  assert.equal(server.sources.length, 1)
  assert.deepEqual([one.bell().unread, two.bell().unread], [1, 0])
  assert.equal(two.bell().wire.state, 'paused')
  one.close()
  two.close()
})

// ---- A browser and a server that keeps notifications

function browser({ shares = true } = {}) {
  const clock = fakeClock()
  const server = fakeStreamServer(clock)
  const locks = shares ? fakeLocks() : undefined
  const openChannel = shares ? fakeChannels() : undefined
  const asked: unknown[] = []
  let refuses = false
  let unread = 0

  const list = (): WireNotificationList => ({
    items: server.entries
      .filter(({ type }) => type === 'notification.made')
      .map(({ seq, at }) => ({
        ...{ seq, at, readAt: null },
        ...{ kind: 'sign-in' as const, data: { device: 'a phone' } },
      }))
      .reverse(),
    unread,
    cursor: server.cursor(),
    nextBefore: null,
  })

  return {
    server,
    asked,
    pass: (ms: number) => clock.pass(ms).then(settled),
    make() {
      unread += 1
      server.append('notification.made', { kind: 'sign-in', data: { device: 'a phone' }, unread })
    },
    refuseReading() {
      refuses = true
    },
    open({ hidden = false, initial = true } = {}) {
      const document = Object.assign(new EventTarget(), { hidden })
      const activity = watchPage({ document, window: new EventTarget() }, shares ? 'keep' : 'pause')
      const store = createBellStore('nora', initial ? list() : null, () => ({
        ...{ clock, activity, locks, openChannel },
        fetch: async (url, init) => {
          if (url === '/api/notifications') return Response.json(list())
          if (url !== '/api/notifications/read') return server.fetch(url, init)
          asked.push(JSON.parse(String(init?.body)))
          if (refuses) return problem(503, 'unavailable')
          unread -= 1
          return Response.json({ unread })
        },
      }))
      const arrivals: Arrival[] = []
      store.onArrival((arrival) => arrivals.push(arrival))
      return {
        ...{ bell: store.current, arrivals, activity, close: store.start() },
        page: (event: 'freeze' | 'resume') => document.dispatchEvent(new Event(event)),
      }
    },
  }
}
