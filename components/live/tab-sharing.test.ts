import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeTabs } from './testing/fake-tabs.ts'

test('Eight tabs share one connection, and each gets every entry once', async () => {
  const { server, open, pass } = fakeTabs()
  const tabs = Array.from({ length: 8 }, () => open())
  await pass(1_000)
  server.append()
  server.append()
  await pass(0)
  assert.equal(server.sources.length, 1)
  for (const tab of tabs) {
    assert.deepEqual(tab.seqs, [1, 2])
    assert.equal(tab.view?.state, 'live')
    assert.equal(tab.view?.cursor, 'k7aa.2')
    assert.equal(tab.tabs, 8)
  }
  assert.equal(tabs.filter(({ leads }) => leads).length, 1)
  for (const tab of tabs) tab.close()
})

test('The leader closes: the next one leads at once and nothing is lost', async () => {
  const { server, open, pass } = fakeTabs()
  const [first, second, third] = [open(), open(), open()]
  await pass(1_000)
  first.close()
  server.append()
  await pass(0)
  assert.equal(server.sources.length, 1)
  assert.ok(second.leads)
  assert.deepEqual([second.seqs, third.seqs], [[1], [1]])
  await pass(1_000)
  assert.equal(third.tabs, 2)
  second.close()
  third.close()
})

test('A leader that is left for another page lets the lead go, and comes back as a follower', async () => {
  const { server, open, pass } = fakeTabs()
  const [first, second] = [open(), open()]
  await pass(1_000)
  first.page('pagehide')
  await pass(0)
  assert.ok(second.leads)
  server.append()
  await pass(10_000)
  assert.deepEqual(first.seqs, [])
  first.page('pageshow')
  await pass(1_000)
  assert.ok(!first.leads)
  assert.deepEqual(first.seqs, [1])
  assert.equal(server.sources.length, 1)
  first.close()
  second.close()
})

test('A frozen leader is replaced within two seconds; thawed it follows, and nothing came twice or was lost', async () => {
  const { server, open, pass } = fakeTabs()
  const [first, second, third] = [open(), open(), open()]
  await pass(5_000)
  const thaw = first.freeze()
  server.append()
  await pass(2_000)
  assert.ok(second.leads !== third.leads)
  server.append()
  await pass(0)
  assert.deepEqual(
    [second.seqs, third.seqs],
    [
      [1, 2],
      [1, 2],
    ],
  )
  thaw()
  await pass(1_000)
  server.append()
  await pass(1_000)
  assert.ok(!first.leads)
  assert.equal(server.sources.length, 1)
  for (const tab of [first, second, third]) {
    assert.deepEqual(tab.seqs, [1, 2, 3])
    tab.close()
  }
})

test('Hidden tabs leave a silent leader to the visible ones, and take over slowly when there are none', async () => {
  const { open, pass } = fakeTabs()
  const leader = open()
  await pass(0)
  const hidden = open({ hidden: true })
  await pass(1_000)
  const thaw = leader.freeze()
  await pass(14_000)
  assert.ok(!hidden.leads)
  await pass(7_000)
  assert.ok(hidden.leads)
  thaw()
  leader.close()
  hidden.close()
})

test('A leader that nobody has seen for four minutes is replaced by a tab on show: its timers are slowed down', async () => {
  const { open, pass } = fakeTabs()
  const hidden = open({ hidden: true })
  await pass(1_000)
  const visible = open()
  await pass(230_000)
  assert.ok(hidden.leads)
  await pass(20_000)
  assert.ok(visible.leads && !hidden.leads)
  hidden.close()
  visible.close()
})

test('A tab that was asleep itself does not take its own silence for the leader’s', async () => {
  const { clock, open, pass } = fakeTabs()
  const [first, second] = [open(), open()]
  await pass(1_000)
  await clock.sleepThrough(60_000)
  await pass(1_000)
  assert.ok(first.leads && !second.leads)
  first.close()
  second.close()
})

test('A tab that comes with an older list asks for what it has missed; a newer one drops what it knows', async () => {
  const { server, open, pass } = fakeTabs()
  for (let n = 0; n < 5; n += 1) server.append()
  const leader = open({ after: 'k7aa.4' })
  await pass(1_000)
  const [older, newer] = [open({ after: 'k7aa.2' }), open({ after: 'k7aa.6' })]
  await pass(0)
  assert.deepEqual(older.seqs, [3, 4, 5])
  server.append()
  server.append()
  await pass(0)
  assert.deepEqual(leader.seqs, [5, 6, 7])
  assert.deepEqual(older.seqs, [3, 4, 5, 6, 7])
  assert.deepEqual(newer.seqs, [7])
  for (const tab of [leader, older, newer]) tab.close()
})

test('A reset reaches every tab', async () => {
  const { server, open, pass } = fakeTabs()
  const tabs = [open(), open()]
  await pass(1_000)
  server.state.epoch = 'm2bb'
  server.append()
  server.closeAll()
  await pass(1_000)
  server.append()
  await pass(0)
  for (const tab of tabs) {
    assert.equal(tab.resets, 1)
    assert.equal(tab.view?.cursor, 'm2bb.2')
    tab.close()
  }
})

test('Signed out, all tabs are told, and none asks again', async () => {
  const { server, open, pass } = fakeTabs()
  const tabs = [open(), open(), open()]
  await pass(1_000)
  server.bye({ reason: 'session-ended', retryMs: 0 })
  await pass(60_000)
  for (const tab of tabs) {
    await tab.over
    assert.equal(tab.view?.state, 'signed-out')
  }
  assert.equal(server.requests.length, 1)
})

test('Another user in the same browser shares nothing with the first', async () => {
  const { server, open, pass } = fakeTabs()
  const [nora, ines] = [open({ user: 'nora' }), open({ user: 'ines' })]
  await pass(1_000)
  assert.ok(nora.leads && ines.leads)
  assert.equal(nora.tabs, 1)
  assert.equal(server.sources.length, 2)
  nora.close()
  ines.close()
})

test('A follower who asks for it has the leader open the stream at once', async () => {
  const { server, open, pass } = fakeTabs()
  const [leader, follower] = [open(), open()]
  server.state.line = 'cut'
  await pass(60_000)
  assert.equal(follower.view?.state, 'offline')
  server.state.line = 'clear'
  follower.tryNow()
  await pass(0)
  assert.equal(follower.view?.state, 'live')
  leader.close()
  follower.close()
})

for (let seed = 1; seed <= 6; seed += 1) {
  test(`Tabs come, go, freeze and thaw, lines break: every tab sees every entry once (run ${seed})`, async () => {
    const browser = fakeTabs()
    const { server, open, pass } = browser
    const tabs = [open(), open(), open()]
    const frozen: (() => void)[] = []
    let roll = seed * 7
    const next = (below: number) => {
      roll = (roll * 1_103_515_245 + 12_345) % 2_147_483_648
      return Math.floor((roll / 2_147_483_648) * below)
    }
    for (let round = 0; round < 80; round += 1) {
      const one = tabs[next(tabs.length)]
      switch (next(8)) {
        case 0:
          tabs.push(open({ after: server.cursor() }))
          break
        case 1:
          if (tabs.length > 3) tabs.splice(0, 1)[0]?.close()
          break
        case 2:
          if (one) frozen.push(one.freeze())
          break
        case 3:
          frozen.shift()?.()
          break
        case 4:
          server.cutAll()
          break
        default:
          server.append()
      }
      await pass(next(4_000))
    }
    for (const thaw of frozen) thaw()
    await pass(5_000)
    server.append()
    await pass(60_000)
    const last = server.entries.length
    assert.equal(server.sources.length, 1)
    for (const tab of tabs) {
      assert.deepEqual(
        tab.seqs,
        Array.from({ length: tab.seqs.length }, (_, n) => last - tab.seqs.length + 1 + n),
      )
      tab.close()
    }
  })
}

test('Where the browser denies locks each tab follows by itself, and asks no further', async () => {
  const { server, locks, open, pass } = fakeTabs()
  let requests = 0
  const denied = () => {
    requests += 1
    return Promise.reject(new DOMException('denied', 'SecurityError'))
  }
  Object.assign(locks, {
    request: denied,
    query: () => Promise.reject(new DOMException('denied', 'SecurityError')),
  })
  const [first, second] = [open(), open()]
  await pass(1_000)
  server.append()
  await pass(60_000)
  assert.deepEqual([first.seqs, second.seqs], [[1], [1]])
  assert.equal(server.sources.length, 2)
  assert.equal(requests, 2)
  first.close()
  second.close()
  await pass(1_000)
})
