import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Packet } from '#server/deliver/encode/packet.ts'
import { joinedBackplanes } from '#server/testing/joined-backplanes.ts'
import { createPresence } from './presence.ts'
import { mostNamed } from './presence-messages.ts'

test('WS7 Who opens a room on one node is told who has it open on the others, and they are told too', async (t) => {
  const { nodes, passes } = cluster(t, 3)
  const [one, two, three] = nodes
  const [ann, bob, cleo] = [one.enter('here', 'ann'), two.enter('here', 'bob'), three.enter('there', 'cleo')]
  await passes(500)
  assert.deepEqual(ann.latest(), ['ann', 'bob'])
  assert.deepEqual(bob.latest(), ['ann', 'bob'])
  assert.deepEqual(cleo.latest(), ['cleo'], 'a room of another name has nothing to do with it')
  two.leave('here', bob)
  await passes(500)
  assert.deepEqual(ann.latest(), ['ann'])
})

test('WS7 One person on two nodes is one, and here until the last of their connections has gone', async (t) => {
  const { nodes, passes } = cluster(t, 2)
  const [one, two] = nodes
  const [ann, here, there] = [one.enter('here', 'ann'), one.enter('here', 'bob'), two.enter('here', 'bob')]
  await passes(500)
  assert.deepEqual(ann.all('presence').at(-1), { roomId: 'here', here: ['ann', 'bob'] })
  one.leave('here', here)
  await passes(500)
  assert.deepEqual(ann.latest(), ['ann', 'bob'])
  two.leave('here', there)
  await passes(500)
  assert.deepEqual(ann.latest(), ['ann'])
})

test('WS7 The people of a node that falls silent are gone within 5 s, not at once, and are back when it is', async (t) => {
  const { nodes, passes } = cluster(t, 2)
  const [one, two] = nodes
  const ann = one.enter('here', 'ann')
  two.enter('here', 'bob')
  await passes(20_000)
  assert.deepEqual(ann.latest(), ['ann', 'bob'], 'whoever stays is told again and again')
  const told = ann.all('presence').length
  two.backplane.cut()
  await passes(1_500)
  assert.equal(ann.all('presence').length, told)
  await passes(3_500)
  assert.deepEqual(ann.latest(), ['ann'])
  two.backplane.heal()
  await passes(2_500)
  assert.deepEqual(ann.latest(), ['ann', 'bob'])
})

test('WS7 A question that was lost is made good by the beats of the two', async (t) => {
  const { nodes, passes } = cluster(t, 2)
  const [one, two] = nodes
  const ann = one.enter('here', 'ann')
  await passes(500)
  two.backplane.cut()
  const bob = two.enter('here', 'bob')
  await passes(500)
  two.backplane.heal({ quietly: true })
  await passes(5_000)
  assert.deepEqual(
    [ann.latest(), bob.latest()],
    [
      ['ann', 'bob'],
      ['ann', 'bob'],
    ],
  )
})

test('WS7 Typing reaches who has the room open on other nodes, but not the one who types', async (t) => {
  const { nodes, passes } = cluster(t, 2)
  const [one, two] = nodes
  const [ann, bob, own] = [one.enter('here', 'ann'), two.enter('here', 'bob'), two.enter('here', 'ann')]
  const elsewhere = two.enter('there', 'cleo')
  await passes(500)
  one.presence.typing('here', ann, { untilMs: 1_000_000, forMs: 5_000 })
  const event = { roomId: 'here', userId: 'ann', untilMs: 1_000_000, forMs: 5_000 }
  assert.deepEqual(bob.all('typing'), [event])
  for (const each of [ann, own, elsewhere]) assert.deepEqual(each.all('typing'), [])
})

test('WS7 A node alone publishes that it lives and no more', async (t) => {
  const { nodes, passes } = cluster(t, 1)
  const [one] = nodes
  const ann = one.enter('here', 'ann')
  await passes(10_000)
  one.presence.typing('here', ann, { untilMs: 1_000_000, forMs: 5_000 })
  const channels = one.backplane.published.map(([channel]) => channel)
  assert.equal(channels.filter((channel) => channel === 'presence:here').length, 1, 'its question')
  assert.ok(channels.length <= 7, `${channels.length} messages in 10 s`)
  one.leave('here', ann)
  await passes(10_000)
  assert.equal(one.backplane.published.length, channels.length, 'nobody is here, and nothing is said')
})

test('WS7 In a full hall the first 200 of all nodes are named, and all are counted', async (t) => {
  const { nodes, passes } = cluster(t, 2)
  const [one, two] = nodes
  const idOf = (nth: number) => `${String(nth).padStart(4, '0')}-${'x'.repeat(27)}`
  const first = one.enter('here', idOf(0))
  for (let nth = 1; nth < 600; nth += 1) (nth % 2 ? one : two).enter('here', idOf(nth))
  await passes(3_000)
  const latest = first.all('presence').at(-1)
  assert.deepEqual(latest, {
    roomId: 'here',
    here: Array.from({ length: mostNamed }, (_, nth) => idOf(nth)),
    count: 600,
  })
  for (const [channel, message] of two.backplane.published) {
    assert.ok(
      channel.length + message.length < 7_800,
      `${message.length} characters do not fit into a notification`,
    )
  }
})

test('WS7 What no node of ours says is passed over', async (t) => {
  const { nodes, passes } = cluster(t, 2)
  const [one, two] = nodes
  const ann = one.enter('here', 'ann')
  await passes(500)
  const before = ann.all('presence').length
  const many = Array.from({ length: 1_000 }, (_, nth) => `user ${nth}`)
  for (const text of [
    ...['', 'no JSON', 'null', '[]', '{}', '{"type":"later"}', `{"type":"here","node":"${'n'.repeat(100)}"}`],
    JSON.stringify({ type: 'here', node: 'n', named: [1], count: 1 }),
    JSON.stringify({ type: 'here', node: 'n', named: many, count: 1_000 }),
    JSON.stringify({ type: 'here', node: 'n', named: ['mallory'], count: -1 }),
    JSON.stringify({ type: 'typing', node: 'n', typing: { userId: 'mallory', untilMs: 1, forMs: 1e9 } }),
  ]) {
    two.backplane.publish('presence:here', text)
  }
  two.backplane.publish('presence', 'n'.repeat(1_000))
  await passes(500)
  assert.equal(ann.all('presence').length, before)
  assert.deepEqual(ann.all('typing'), [])
})

test('WS7 However many nodes somebody makes up, few of them are listened to, and ours are still heard', async (t) => {
  const { nodes, passes } = cluster(t, 2)
  const [one, two] = nodes
  const ann = one.enter('here', 'ann')
  const bob = two.enter('here', 'bob')
  await passes(500)
  for (let nth = 0; nth < 1_000; nth += 1) {
    const message = { type: 'here', node: `made up ${nth}`, named: [`user ${nth}`], count: 1 }
    two.backplane.publish('presence:here', JSON.stringify(message))
  }
  await passes(1_000)
  const { count } = ann.all('presence').at(-1) ?? {}
  assert.ok(Number(count) > mostNamed && Number(count) <= 2 + 256, `${count} people`)
  await passes(5_000)
  assert.deepEqual(ann.latest(), ['ann', 'bob'])
  two.leave('here', bob)
  await passes(500)
  assert.deepEqual(ann.latest(), ['ann'])
})

/** Connected nodes that share one clock, which `passes` advances. */
function cluster(t: TestContext, count: 1 | 2 | 3) {
  t.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] })
  let nowMs = 0
  const nodes = joinedBackplanes(count).map((backplane, nth) => {
    const presence = createPresence(backplane, { nodeId: `node ${nth}`, nowMs: () => nowMs })
    t.after(presence.close)
    return {
      ...{ backplane, presence },
      leave: presence.leave,
      enter(roomId: string, userId: string) {
        const connection = connectionOf(userId)
        presence.enter(roomId, connection)
        return connection
      },
    }
  })
  async function passes(ms: number) {
    for (const endMs = nowMs + ms; nowMs < endMs; ) {
      nowMs += 10
      t.mock.timers.tick(10)
      await Promise.resolve()
    }
  }
  type Node = (typeof nodes)[number]
  return { nodes: nodes as [Node, Node, Node], passes }
}

function connectionOf(userId: string) {
  const heard: [string, Record<string, unknown>][] = []
  const all = (name: string) => heard.flatMap(([each, event]) => (each === name ? [event] : []))
  return {
    userId,
    all,
    write: ({ text }: Packet) => void heard.push(JSON.parse(text.slice(1))),
    latest: () => all('presence').at(-1)?.here,
  }
}
