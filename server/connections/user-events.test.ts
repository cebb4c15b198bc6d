import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Packet } from '#server/deliver/encode/packet.ts'
import { joinedBackplanes } from '#server/testing/joined-backplanes.ts'
import { createUserEvents } from './user-events.ts'

const read = { roomId: 'here', readUpTo: 3, unread: 1, cursor: 'e.4' }

test('CH10 How far one has read is sent to all sockets of theirs on every node, and to nobody else', async (t) => {
  const [one, two, three] = await nodesOf(t, 3)
  const [here, there, other] = [one.opened('ann'), two.opened('ann'), two.opened('bob')]
  await subscribed()
  // On a node without a socket of theirs: they have read over HTTP.
  three.events.read('ann', read)
  assert.deepEqual([here, there, other], [[read], [read], []])
})

test('CH10 What was read while the backplane was away is said again when it is back, and no longer than a minute', async (t) => {
  const nodes = await nodesOf(t, 2)
  const [one, two] = nodes
  const there = two.opened('ann')
  await subscribed()
  two.backplane.cut()
  one.events.read('ann', read)
  one.events.read('ann', { ...read, readUpTo: 4, unread: 0 })
  two.backplane.heal()
  assert.deepEqual(there, [], 'the one who was away says only what it knows itself')
  one.backplane.heal()
  assert.deepEqual(there.splice(0), [{ ...read, readUpTo: 4, unread: 0 }], 'the latest of each room')
  // The other node may have reconnected after this one.
  nodes.passes(2_000)
  assert.equal(there.length, 1)
  nodes.passes(60_000)
  one.backplane.heal()
  nodes.passes(2_000)
  assert.equal(there.length, 1)
})

test('CH10 A node hears of a user from their first socket there to their last', async (t) => {
  const [one, two] = await nodesOf(t, 2)
  const there = two.opened('ann')
  two.opened('ann')
  await subscribed()
  two.events.closed('ann')
  await subscribed()
  one.events.read('ann', read)
  assert.equal(there.length, 1)
  two.events.closed('ann')
  await subscribed()
  one.events.read('ann', read)
  assert.equal(there.length, 1)
})

test('CH10 What no node of ours says is passed over', async (t) => {
  const [one, two] = await nodesOf(t, 2)
  const there = two.opened('ann')
  await subscribed()
  for (const text of ['', 'null', '{}', '{"roomId":"here"}', JSON.stringify({ ...read, readUpTo: -1 })]) {
    one.backplane.publish('read:ann', text)
  }
  assert.deepEqual(there, [])
})

async function nodesOf(t: TestContext, count: 2 | 3) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let nowMs = 1_000
  const passes = (ms: number) => {
    nowMs += ms
    t.mock.timers.tick(ms)
  }
  const nodes = joinedBackplanes(count).map((backplane) => {
    const sockets = new Map<string, { open: { write(packet: Packet): void } }[]>()
    const events = createUserEvents(
      { heldBy: (userId: string) => sockets.get(userId) ?? [] } as never,
      backplane,
      () => nowMs,
    )
    t.after(events.close)
    /** Everything sent to the socket. */
    function opened(userId: string): unknown[] {
      const sent: unknown[] = []
      const write = ({ text }: Packet) => void sent.push(JSON.parse(text.slice(1))[1])
      sockets.set(userId, [...(sockets.get(userId) ?? []), { open: { write } }])
      events.opened(userId)
      return sent
    }
    return { backplane, events, opened }
  })
  type Node = (typeof nodes)[number]
  return Object.assign(nodes as [Node, Node, Node], { passes })
}

/** Resolves when a subscription, or its end, has taken effect. */
const subscribed = () => new Promise<void>((resolve) => queueMicrotask(resolve))
