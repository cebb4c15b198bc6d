import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { createListener } from '#server/database/listener.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import { type Backplane, mostMessageBytes } from './backplane.ts'
import { createPostgresBackplane } from './postgres-backplane.ts'
import { openRedis } from './redis.ts'
import { createRedisBackplane } from './redis-backplane.ts'

type Engine = {
  /** Connects one more node. */
  node(): Promise<Backplane>
  closeNodes(): Promise<void>
  freeze(): Promise<void> | void
  thaw(): void
  /** Stops as in a crash, and comes back empty. */
  stop(): Promise<unknown>
  start(): Promise<unknown>
}

/** Closes the nodes it opened, after the test or earlier. */
function nodesOf(t: TestContext) {
  const nodes = new Set<{ close(): Promise<void> }[]>()
  async function closeNodes() {
    const closing = [...nodes]
    nodes.clear()
    for (const [backplane, connection] of closing) {
      await backplane?.close()
      await connection?.close()
    }
  }
  t.after(closeNodes)
  return {
    closeNodes,
    opened(backplane: Backplane, connection: { close(): Promise<void> }) {
      nodes.add([backplane, connection])
      return backplane
    },
  }
}

/** The engines that carry messages; a third one is one more row. */
const engines: { name: string; skip: string | false; open(t: TestContext): Promise<Engine> }[] = [
  {
    name: 'Postgres',
    skip: false,
    async open(t) {
      const cluster = await testCluster(t)
      const { opened, closeNodes } = nodesOf(t)
      return {
        closeNodes,
        async node() {
          const listener = createListener(cluster.url, { checkMs: 500 })
          const backplane = createPostgresBackplane(cluster.url, listener)
          listener.start()
          return opened(backplane, listener)
        },
        freeze: cluster.freeze,
        thaw: cluster.thaw,
        stop: () => cluster.stop(),
        start: () => cluster.start(),
      }
    },
  },
  {
    name: 'Redis',
    skip: noRedis,
    async open(t) {
      const server = await testRedis(t)
      const { opened, closeNodes } = nodesOf(t)
      return {
        closeNodes,
        async node() {
          const redis = await openRedis(server.url, createLogger('silent'))
          return opened(createRedisBackplane(redis), redis)
        },
        freeze: server.freeze,
        thaw: server.thaw,
        stop: server.kill,
        start: server.start,
      }
    },
  },
]

const hostile = [
  '',
  ' ',
  '\0 \uD800 \uDC00 \x7F \x1F',
  'é 日本語 👩‍🚀 \u2028 \u2029 \uFEFF',
  '"]],[["log:a","1"]]',
  '\\" \\u0041 \n \r\n',
  "'; SELECT pg_sleep(10); --",
  '$1 {} NULL',
  '*1\r\n$8\r\nFLUSHALL\r\n',
]

for (const { name, skip, open } of engines) {
  describe(`The backplane on ${name}`, { skip }, () => {
    /** Two connected nodes of the same epoch. */
    async function two(t: TestContext) {
      const engine = await open(t)
      return { engine, here: await begun(await engine.node()), there: await begun(await engine.node()) }
    }

    test('delivers to every other node that has subscribed, in the order of publishing, and not to itself', async (t) => {
      const { engine, here, there } = await two(t)
      const third = await begun(await engine.node())
      const heard = {
        here: await collect(here, 'a'),
        there: await collect(there, 'a'),
        third: await collect(third, 'a'),
      }
      for (let n = 1; n <= 500; n += 1) here.publish('a', String(n))
      await eventually(() => heard.there.length === 500 && heard.third.length === 500)
      assert.deepEqual(heard.there, upTo(500))
      assert.deepEqual(heard.third, upTo(500))
      there.publish('a', 'fence')
      await eventually(() => heard.here.length > 0)
      assert.deepEqual(heard.here, ['fence'])
      assert.equal(here.counts().published, 500)
      assert.equal(here.counts().received, 1)
    })

    test('delivers while anybody here has subscribed, however often others come and go', async (t) => {
      const { here, there } = await two(t)
      const fence = await collect(there, 'fence')
      const stays: string[] = []
      const goes: string[] = []
      const leaves = await Promise.all(
        upTo(20).map(() => there.subscribe('a', (message) => goes.push(message))),
      )
      const leaveLast = await there.subscribe('a', (message) => stays.push(message))
      for (const leave of leaves) {
        leave()
        leave()
      }
      await publishAndWait(here, 'a', 'one', fence)
      assert.deepEqual([stays, goes], [['one'], []])

      leaveLast()
      await publishAndWait(here, 'a', 'nobody', fence)
      assert.deepEqual(stays, ['one'])

      // Not awaited: whatever the order, it has to end up subscribed.
      for (let time = 0; time < 20; time += 1)
        void there.subscribe('a', () => undefined).then((leave) => leave())
      const again = await collect(there, 'a')
      await publishAndWait(here, 'a', 'two', fence)
      assert.deepEqual([stays, again], [['one'], ['two']])
    })

    test('keeps what is hostile, and what is as large as may be, as it is; what is larger is not sent', async (t) => {
      const { here, there } = await two(t)
      const heard = await collect(there, 'a')
      const around = JSON.stringify(['a', '']).length
      const largest = 'ü'.repeat((mostMessageBytes - around) / 2)
      const messages = [
        ...hostile,
        largest,
        'x'.repeat(mostMessageBytes - around),
        'x'.repeat(9_000),
        'xy'.repeat(16_000),
      ]
      for (const message of messages) here.publish('a', message)
      for (const larger of [`${largest}x`, 'x'.repeat(10_000_000)]) here.publish('a', larger)
      here.publish('a', 'fence')
      await eventually(() => heard.at(-1) === 'fence')
      assert.deepEqual(heard, [...messages, 'fence'])
    })

    test('carries thousands of channels', async (t) => {
      const { here, there } = await two(t)
      const channels = upTo(3_000).map((n) => `log:stream:${n}`)
      const heard = await Promise.all(channels.map((channel) => collect(there, channel)))
      for (const channel of channels) here.publish(channel, channel)
      await eventually(() => heard.every((messages) => messages.length > 0))
      assert.deepEqual(heard.flat(), channels)
    })

    test('holds nobody up while the engine is away, and subscribes again before it says that it is back', async (t) => {
      const { engine, here, there } = await two(t)
      const before = await collect(there, 'before')
      let reconnects = 0
      there.onReconnect(() => {
        reconnects += 1
      })
      await engine.stop()
      await eventually(() => !here.isConnected() && !there.isConnected())
      await holdsNobodyUp(here)
      const meanwhile = await collect(there, 'meanwhile')
      assert.equal(reconnects, 0)

      await engine.start()
      await eventually(() => reconnects > 0)
      await eventually(here.isConnected)
      for (const channel of ['before', 'meanwhile']) here.publish(channel, 'after')
      await eventually(() => before.includes('after') && meanwhile.includes('after'))
    })

    test('holds nobody up while the engine hangs, and goes on when it is back', async (t) => {
      const { engine, here, there } = await two(t)
      const heard = await collect(there, 'a')
      await engine.freeze()
      t.after(engine.thaw)
      await holdsNobodyUp(here)
      await holdsNobodyUp(there)
      await eventually(() => !here.isConnected() && !there.isConnected())
      await holdsNobodyUp(here)

      engine.thaw()
      await eventually(() => here.isConnected() && there.isConnected())
      here.publish('a', 'after')
      await eventually(() => heard.includes('after'))
    })

    test('takes another connection when it is doubted, and soon after no third', async (t) => {
      const { here, there } = await two(t)
      const heard = await collect(there, 'a')
      let reconnects = 0
      there.onReconnect(() => {
        reconnects += 1
      })
      there.doubt()
      assert.equal(there.isConnected(), false)
      await eventually(() => reconnects === 1 && there.isConnected())
      there.doubt()
      assert.ok(there.isConnected())
      here.publish('a', 'after')
      await eventually(() => heard.includes('after'))
      assert.equal(reconnects, 1)
    })

    test('leaves nothing open', async (t) => {
      const engine = await open(t)
      const before = openHere()
      const closings = await Promise.all([engine.node(), engine.node()])
      for (const node of closings) await begun(node)
      closings[0]?.publish('a', 'sent')
      await closings[0]?.subscribe('b', () => undefined)
      assert.ok(openHere() > before)
      await engine.closeNodes()
      await eventually(() => openHere() <= before)
    })
  })
}

async function begun(node: Backplane, epoch = 'epoch1'): Promise<Backplane> {
  node.begin(epoch)
  await eventually(node.isConnected)
  return node
}

/** Collects what is received on a channel from now on. */
async function collect(node: Backplane, channel: string): Promise<string[]> {
  const heard: string[] = []
  await node.subscribe(channel, (message) => heard.push(message))
  return heard
}

async function publishAndWait(from: Backplane, channel: string, message: string, fence: string[]) {
  const before = fence.length
  from.publish(channel, message)
  from.publish('fence', '')
  await eventually(() => fence.length > before)
}

/** A busy machine is slow, but a hanging engine would block forever. */
const atOnceMs = 1_500

async function holdsNobodyUp(node: Backplane) {
  const began = performance.now()
  for (let n = 0; n < 5_000; n += 1) node.publish('a', 'lost or late')
  await node.subscribe('b', () => undefined)
  assert.ok(performance.now() - began < atOnceMs)
  await node.sent()
  assert.ok(performance.now() - began < atOnceMs + 3_000)
}

/** Sockets and timers of this process. */
function openHere(): number {
  return process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|Timeout)$/.test(name)).length
}

function upTo(n: number): string[] {
  return Array.from({ length: n }, (_, index) => String(index + 1))
}
