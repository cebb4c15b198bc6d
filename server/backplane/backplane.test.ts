import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { createListener } from '#server/database/listener.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { testCluster } from '#server/testing/test-cluster.ts'
import type { Backplane } from './backplane.ts'
import { createPostgresBackplane } from './postgres-backplane.ts'
import { openRedis } from './redis.ts'
import { createRedisBackplane } from './redis-backplane.ts'

type Engine = {
  /** One more node. */
  node(): Promise<Backplane>
  freeze(): Promise<void> | void
  thaw(): void
  /** Goes as in a crash, and comes back with nothing. */
  stop(): Promise<unknown>
  start(): Promise<unknown>
}

/** What carries messages; a third is one more row. */
const engines: { name: string; skip: string | false; open(t: TestContext): Promise<Engine> }[] = [
  {
    name: 'Postgres',
    skip: false,
    async open(t) {
      const cluster = await testCluster(t)
      return {
        async node() {
          const listener = createListener(cluster.url, { checkMs: 500 })
          const backplane = createPostgresBackplane(cluster.url, listener)
          listener.start()
          t.after(async () => {
            await Promise.all([backplane.close(), listener.close()])
          })
          return backplane
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
      return {
        async node() {
          const redis = await openRedis(server.url, createLogger('silent'))
          const backplane = createRedisBackplane(redis)
          t.after(async () => {
            await backplane.close()
            await redis.close()
          })
          return backplane
        },
        freeze: server.freeze,
        thaw: server.thaw,
        stop: server.kill,
        start: server.start,
      }
    },
  },
]

for (const { name, skip, open } of engines) {
  describe(`The backplane on ${name}`, { skip }, () => {
    /** Two nodes of one epoch that are connected. */
    async function two(t: TestContext) {
      const engine = await open(t)
      const nodes = [await begun(await engine.node()), await begun(await engine.node())] as const
      return { engine, here: nodes[0], there: nodes[1] }
    }

    test('Delivers to every other node that has subscribed, in the order of publishing, and not to itself', async (t) => {
      const { engine, here, there } = await two(t)
      const third = await begun(await engine.node())
      const heard = {
        here: await collect(here, 'a'),
        there: await collect(there, 'a'),
        third: await collect(third, 'a'),
      }
      const other = await collect(there, 'b')
      for (let n = 1; n <= 500; n += 1) here.publish('a', String(n))
      here.publish('b', 'fence')
      await eventually(() => other.length === 1)
      await eventually(() => heard.third.length === 500)
      assert.deepEqual(heard.there, upTo(500))
      assert.deepEqual(heard.third, upTo(500))
      there.publish('a', 'fence')
      await eventually(() => heard.here.length === 1)
      assert.deepEqual(heard.here, ['fence'])
    })
  })
}

function upTo(n: number): string[] {
  return Array.from({ length: n }, (_, index) => String(index + 1))
}

async function begun(node: Backplane, epoch = 'epoch1'): Promise<Backplane> {
  node.begin(epoch)
  await eventually(node.isConnected)
  return node
}

/** What comes on a channel from now on. */
async function collect(node: Backplane, channel: string): Promise<string[]> {
  const heard: string[] = []
  await node.subscribe(channel, (message) => heard.push(message))
  return heard
}
