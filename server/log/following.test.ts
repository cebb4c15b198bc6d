import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { eventually } from '#server/testing/eventually.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn, logs } from '#server/testing/test-log.ts'
import { createFeeds, type Feeds } from './feeds.ts'
import type { Follower, RevokesAccess } from './following.ts'
import type { Batch, Log } from './log.ts'
import { createMemoryLog } from './memory-log.ts'

for (const { name, open } of logs) {
  describe(`Following the ${name} log`, () => {
    test('brings history, then what comes, each entry once, to whoever joins whenever', async (t) => {
      const { log } = await open(t, { retention: 10_000 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      const random = seededRandom(t)
      const followers: Taker[] = []
      for (let n = 0; n < 60; n += 1) {
        await append(log, 10)
        followers.push(await follow(feeds, log, Math.floor(random() * n * 10)))
      }
      await eventually(() => followers.every(({ last }) => last() === 600))
      for (const { from, seqs } of followers) assert.deepEqual(seqs, range(from + 1, 600))
    })

    test('brings nothing while it is paused, and all of it afterwards', async (t) => {
      const { log } = await open(t, { retention: 10_000 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      const slow = await follow(feeds, log, 0, { takesAtOnce: 1 })
      const quick = await follow(feeds, log, 0)
      await append(log, 3)
      await eventually(() => slow.last() === 3)
      await append(log, 500)
      await append(log, 500)
      await eventually(() => quick.last() === 1_003)
      assert.equal(slow.last(), 3)
      assert.ok(slow.backlog() >= 1_000 * '{"seq":1,"type":"note","at":"","data":null}'.length)
      for (let taken = 3; taken < 1_003; taken = slow.last()) {
        slow.following.resume()
        await eventually(() => slow.last() > taken)
      }
      assert.deepEqual(slow.seqs, range(1, 1_003))
    })

    test('ends with the entry that is the last for this follower, in the midst of a batch', async (t) => {
      const { log } = await open(t, { retention: 100 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      await append(log, 5)
      const revokesAccess = ({ seq }: { seq: number }) => seq === 3
      const [ended, fence] = [await follow(feeds, log, 1, { revokesAccess }), await follow(feeds, log, 1)]
      await append(log, 1)
      await eventually(() => fence.last() === 6)
      assert.deepEqual([ended.seqs, ended.revocations()], [[2, 3], 1])
      assert.deepEqual([fence.seqs, fence.revocations()], [[2, 3, 4, 5, 6], 0])
      assert.equal(feeds.followers('a'), 1)
    })

    test('brings nothing after it was stopped', async (t) => {
      const { log } = await open(t, { retention: 100 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      const [gone, fence] = [await follow(feeds, log, 0), await follow(feeds, log, 0)]
      await append(log, 1)
      await eventually(() => gone.last() === 1)
      gone.following.stop()
      await append(log, 1)
      await eventually(() => fence.last() === 2)
      assert.deepEqual(gone.seqs, [1])
      assert.equal(feeds.followers('a'), 1)
    })
  })
}

test('C3 A new epoch resets who follows, paused or not, and goes on from the head of the new life', async (t) => {
  const { url } = await testDatabase(t)
  const { log, feeds, database } = await logOn(t, url)
  await append(log, 2)
  const [awake, asleep] = [await follow(feeds, log, 2), await follow(feeds, log, 2, { takesAtOnce: 0 })]
  const epoch = crypto.randomUUID().slice(0, 8)
  await database.pool.query('UPDATE log_epoch SET epoch = $1', [epoch])
  await log.check()
  await eventually(() => awake.resets.length === 1)
  await append(log, 1)
  await eventually(() => awake.last() === 3)
  asleep.following.resume()
  await eventually(() => asleep.resets.length === 1)
  for (const { resets } of [awake, asleep]) assert.equal(resets[0]?.reason, 'epoch')
  assert.deepEqual(awake.seqs, [3])
})

test('Who follows while the log cannot be read is brought everything once it can', async (t) => {
  const log = createMemoryLog({ retention: 1_000 })
  let isDown = false
  let refused = 0
  const feeds = createFeeds({
    ...log,
    async read(...args) {
      refused += isDown ? 1 : 0
      if (isDown) throw new Error('It is down')
      return log.read(...args)
    },
  })
  t.after(feeds.close)
  const there = await follow(feeds, log, 0)
  await append(log, 400)
  isDown = true
  const late = await follow(feeds, log, 0)
  await append(log, 1)
  await eventually(() => refused > 1)
  isDown = false
  await eventually(() => there.last() === 401 && late.last() === 401)
  for (const { seqs } of [there, late]) assert.deepEqual(seqs, range(1, 401))
})

test('All who are at the same place are handed the very same batch', async (t) => {
  const log = createMemoryLog({ retention: 100 })
  const feeds = createFeeds(log)
  t.after(feeds.close)
  const followers = await Promise.all(Array.from({ length: 5 }, () => follow(feeds, log, 0)))
  await append(log, 1)
  await eventually(() => followers.every(({ last }) => last() === 1))
  assert.equal(new Set(followers.map(({ batches }) => batches[0])).size, 1)
})

test('A batch is no larger than 256,000 characters, and never empty for that', async (t) => {
  const log = createMemoryLog({ retention: 100 })
  const feeds = createFeeds(log)
  t.after(feeds.close)
  const sizes = [100_000, 100_000, 100_000, 300_000, 1]
  await log.transact((tx) =>
    log.append(
      tx,
      sizes.map((size) => ({ stream: 'a', type: 'note', data: 'x'.repeat(size) })),
    ),
  )
  const follower = await follow(feeds, log, 0)
  await turn()
  assert.deepEqual(
    follower.batches.map((batch) => batch.type === 'entries' && batch.entries.map(({ seq }) => seq)),
    [[1, 2], [3], [4], [5]],
  )
})

type Taker = Awaited<ReturnType<typeof follow>>

/** Follows stream `a` from a seq on, and records what it receives. */
async function follow(
  feeds: Feeds,
  log: Log,
  from: number,
  {
    takesAtOnce = Number.POSITIVE_INFINITY,
    revokesAccess,
  }: { takesAtOnce?: number; revokesAccess?: RevokesAccess } = {},
) {
  const seqs: number[] = []
  const batches: Batch[] = []
  const resets: (Batch & { type: 'reset' })[] = []
  let backlog = 0
  let revocations = 0
  const follower: Follower = {
    take(batch) {
      batches.push(batch)
      if (batch.type === 'reset') resets.push(batch)
      else seqs.push(...batch.entries.map(({ seq }) => seq))
      return takesAtOnce > 1
    },
    onBacklog(chars) {
      backlog = chars
    },
    onAccessRevoked() {
      revocations += 1
    },
  }
  const following = feeds.follow('a', { epoch: log.epoch(), seq: from }, follower, revokesAccess)
  if (takesAtOnce > 0) following.resume()
  return {
    from,
    following,
    seqs,
    batches,
    resets,
    last: () => seqs.at(-1) ?? 0,
    backlog: () => backlog,
    revocations: () => revocations,
  }
}

function append(log: Log, count: number) {
  const entry = { stream: 'a', type: 'note', data: null }
  return log.transact((tx) =>
    log.append(
      tx,
      Array.from({ length: count }, () => entry),
    ),
  )
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}
