import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { createClient } from '@redis/client'
import { openRedis } from '#server/backplane/redis.ts'
import { readEnv } from '#server/env.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { createLimits } from './limits.ts'
import { createBurstRate, createRate, type Rate } from './rates.ts'

/** A call has a deadline of 200 ms, and up to five times that while this process is busy. */
const soonMs = 1_500

const kinds: [string, number, (name: string, shared?: Shared) => Rate][] = [
  ['so many a minute', 60_000, (name, shared) => createRate(name, { points: 6, seconds: 60 }, shared)],
  [
    'a burst, then so many a second',
    10_000,
    (name, shared) => createBurstRate(name, { burst: 6, perSecond: 0.1 }, shared),
  ],
]
type Shared = Awaited<ReturnType<typeof stage>>['shared'][number]

for (const [kind, longestMs, create] of kinds) {
  test(`Two nodes count together: ${kind}`, { skip: noRedis }, async (t) => {
    const { shared, raw } = await stage(t)
    const nodes = shared.map((each) => create('x', each))
    const waits = await Promise.all(
      nodes.flatMap((node) => Array.from({ length: 5 }, () => node.take('ann'))),
    )
    assert.equal(waits.filter((waitMs) => waitMs === 0).length, 6)
    assert.ok(waits.every((waitMs) => waitMs <= longestMs))
    assert.ok(waits.some((waitMs) => waitMs > longestMs / 2))
    assert.equal(await nodes[0]?.take('bob'), 0, 'each key by itself')
    assert.equal(await create('y', shared[0]).take('ann'), 0, 'each name by itself')
    const keys = await raw.keys('*')
    assert.ok(keys.length === 3 && keys.every((key) => key.startsWith('epoch:rate:')), keys.join())
    assert.equal(shared[0]?.local() ?? 0, 0)
  })

  test(`What was taken for nothing is given back, on any node: ${kind}`, { skip: noRedis }, async (t) => {
    const { shared } = await stage(t)
    const [one, two] = shared.map((each) => create('x', each))
    for (let times = 0; times < 6; times += 1) assert.equal(await one?.take('ann'), 0)
    await two?.give('ann')
    assert.equal(await one?.take('ann'), 0)
    assert.notEqual(await two?.take('ann'), 0)
  })

  test(`Whatever stands in a key fails nobody, and lasts no longer than a count: ${kind}`, {
    skip: noRedis,
  }, async (t) => {
    const { shared, raw } = await stage(t)
    const rate = create('x', shared[0])
    const key = 'epoch:rate:x:ann'
    const strings = ['', 'garbage', '-', 'nan', 'inf', '1e308', '9223372036854775807', '99999999999999999999']
    const hostile: [string, () => Promise<unknown>][] = [
      ...strings.map((text): [string, () => Promise<unknown>] => [
        `"${text}" for ever`,
        () => raw.set(key, text),
      ]),
      [
        'a count that lasts a year',
        () => raw.set(key, '1000000', { expiration: { type: 'EX', value: 31_536_000 } }),
      ],
      ['a list', () => raw.lPush(key, 'x')],
      ['a hash', () => raw.hSet(key, 'x', 'y')],
    ]
    for (const [what, write] of hostile) {
      await raw.del(key)
      await write()
      assert.equal(await rate.take('ann'), 0, what)
      const leftMs = await raw.pTTL(key)
      assert.ok(leftMs > 0 && leftMs <= 61_000, `${what}: ${leftMs} ms`)
    }
    assert.equal(shared[0]?.local(), 0)
  })

  test(`Without Redis each node counts by itself, neither open nor closed, and at once: ${kind}`, {
    skip: noRedis,
  }, async (t) => {
    const { redis, shared } = await stage(t)
    const nodes = shared.map((each) => create('x', each))
    for (const harm of ['freeze', 'kill'] as const) {
      await redis[harm]()
      const since = performance.now()
      for (const node of nodes) {
        const waits = []
        for (let times = 0; times < 10; times += 1) waits.push(await node.take(harm))
        assert.equal(waits.filter((waitMs) => waitMs === 0).length, 6, harm)
      }
      assert.ok(performance.now() - since < 2 * soonMs, harm)
      if (harm === 'freeze') redis.thaw()
      else await redis.start()
      await eventually(async () => {
        const before = nodes.map((_, nth) => shared[nth]?.local())
        await Promise.all(nodes.map((node) => node.take('probe')))
        return nodes.every((_, nth) => shared[nth]?.local() === before[nth])
      })
    }
    const waits = await Promise.all(
      nodes.flatMap((node) => Array.from({ length: 5 }, () => node.take('again'))),
    )
    assert.equal(waits.filter((waitMs) => waitMs === 0).length, 6, 'and together when it is back')
  })
}

test('No key tells what the secret makes of an address, as it would of a cookie', {
  skip: noRedis,
}, async (t) => {
  const { shared, raw } = await stage(t)
  const secret = 'a secret that only tests know, and long enough'
  const limits = shared.map((each) => createLimits(readEnv({ NODE_ENV: 'test' }), { ...each, secret }))
  for (const each of limits) await each.countSignUp('192.0.2.7')
  const keys = await raw.keys('*')
  assert.equal(keys.length, 1, 'one of all nodes')
  const signed = createHmac('sha256', secret).update('192.0.2.7').digest('base64url')
  assert.ok(
    keys.every((key) => !key.includes('192.0.2.7') && !key.includes(signed)),
    keys.join(),
  )
})

/** Two nodes on one Redis. */
async function stage(t: TestContext) {
  const redis = await testRedis(t)
  const shared = await Promise.all(
    [1, 2].map(async () => {
      const connection = await openRedis(redis.url, createLogger('silent'))
      t.after(connection.close)
      let local = 0
      const countedLocally = () => {
        local += 1
      }
      return { redis: connection, epoch: () => 'epoch', countedLocally, local: () => local }
    }),
  )
  const raw = createClient({ url: redis.url })
  raw.on('error', () => undefined)
  await raw.connect()
  t.after(() => raw.destroy())
  return { redis, shared, raw }
}
