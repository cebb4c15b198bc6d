import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '#server/app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { loanIn } from '#server/testing/loans.ts'
import { application, type Person, password } from '#server/testing/person.ts'
import { noRedis } from '#server/testing/redis.ts'
import { connected, redisNodes } from '#server/testing/redis-nodes.ts'
import { areHere, inRoom } from '#server/testing/room-sockets.ts'
import { done, roomOf, say } from '#server/testing/rooms.ts'
import { type SocketClient, socketClient } from '#server/testing/socket-client.ts'

/** After a fault ends, everything must be right again within this time. */
const healMs = 5_000
/**
 * A call to Redis takes 200 ms at most, a sign-in its hash on a busy machine. Anything that waits for Redis takes 10 s.
 */
const boundMs = 4_000

test('Redis restarted empty, flushed and frozen for 10 s: nothing waits or fails, and all is right within 5 s', {
  skip: noRedis,
  timeout: 120_000,
}, async (t) => {
  const { redis, nodes, people, raw } = await redisNodes(t)
  const [ann, bob] = people
  const room = await roomOf(ann, [bob])
  const here = await inRoom(t, ann, room.id, nodes[0])
  const there = await inRoom(t, bob, room.id, nodes[1])
  const elsewhere = await socketClient(bob, nodes[0])
  t.after(elsewhere.close)
  for (const socket of [here, there]) await areHere(socket, [ann, bob])
  const { id: loanId } = await loanIn(ann, 'under-review')
  const control = await controlArm(t, nodes)

  const faults: [string, (during: () => Promise<void>) => Promise<void>][] = [
    [
      'killed and restarted empty',
      async (during) => {
        await redis.kill()
        await during()
        await redis.start()
      },
    ],
    [
      'flushed',
      async (during) => {
        await raw.flushAll()
        await during()
      },
    ],
    [
      'frozen',
      async (during) => {
        const hanging = raw.get('x')
        redis.freeze()
        const sinceMs = performance.now()
        while (performance.now() - sinceMs < 10_000) {
          await during()
          // Slow enough to stay below a user's limits for loans and messages.
          await pause(500)
        }
        const settled = await Promise.race([
          hanging.then(() => true),
          new Promise((r) => setTimeout(r, 50, false)),
        ])
        await areHere(here, [ann])
        redis.thaw()
        assert.equal(settled, false, 'the control arm: a client without a deadline waits all the time')
      },
    ],
  ]
  for (const [what, fault] of faults) {
    const slowest = { ms: 0, what: '' }
    const read = { upTo: 0 }
    await fault(async () => {
      for (const [name, ask] of actions(nodes, [ann, bob], { roomId: room.id, loanId, here, there })) {
        const since = performance.now()
        const seq = await ask()
        const ms = performance.now() - since
        if (ms > slowest.ms) Object.assign(slowest, { ms, what: name })
        if (seq !== undefined) read.upTo = seq
      }
      await done(bob.via(nodes[1].port).send('POST', `/api/rooms/${room.id}/read`, { upTo: read.upTo }), 200)
      control.publish(what)
    })
    assert.ok(slowest.ms < boundMs, `${what}: ${slowest.what} took ${Math.round(slowest.ms)} ms`)
    t.diagnostic(`${what}: the slowest was ${slowest.what} with ${Math.round(slowest.ms)} ms`)
    await connected(nodes)
    await eventually(() => elsewhere.all('read').some(({ readUpTo }) => readUpTo >= read.upTo), {
      withinMs: healMs,
    })
    // Somebody joins and leaves, so that each node has a message for the other.
    const comes = await inRoom(t, ann, room.id, nodes[1])
    for (const socket of [here, there, comes]) await areHere(socket, [ann, bob])
    comes.close()
    for (const socket of [here, there]) await areHere(socket, [ann, bob])
    if (what.startsWith('killed'))
      assert.ok(!control.heard.includes(what), 'the control arm: what nobody says again is lost')
  }
})

type Scene = { roomId: string; loanId: string; here: SocketClient; there: SocketClient }

/** Everything that uses Redis, one after the other; actions that send a message return its seq. */
function actions(
  [one, two]: readonly [{ port: number }, { port: number }],
  [ann, bob]: readonly [Person, Person],
  { roomId, loanId, here, there }: Scene,
): [string, () => Promise<number | undefined>][] {
  const ok = async (asked: Promise<Response>, status = 200) => {
    await done(asked, status)
    return undefined
  }
  return [
    ['a poll of a loan', () => ok(ann.get(`/api/loans/${loanId}`))],
    ['a poll at the other node', () => ok(ann.via(two.port).get(`/api/loans/${loanId}`))],
    ['a new loan', () => ok(ann.create('/api/loans', application), 201)],
    ['a message', async () => (await say(ann, roomId, 'Hello')).seq],
    ['typing', async () => void (await here.done('chat:typing', { roomId }))],
    ['typing at the other node', async () => void (await there.done('chat:typing', { roomId }))],
    [
      'a sign-in',
      () =>
        ok(
          fetch(`http://127.0.0.1:${one.port}/api/auth/sign-in/email`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ email: bob.email, password }),
          }),
        ),
    ],
  ]
}

/** Publishes between the nodes without any repetition. */
async function controlArm(t: TestContext, [one, two]: readonly [Pick<App, 'context'>, Pick<App, 'context'>]) {
  const heard: string[] = []
  const leave = await two.context.backplane.subscribe('control', (message) => void heard.push(message))
  t.after(leave)
  return { heard, publish: (message: string) => one.context.backplane.publish('control', message) }
}
