import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createFeeds, type Feeds } from './feeds.ts'
import type { Follower } from './following.ts'
import type { Batch, Log } from './log.ts'
import { createMemoryLog } from './memory-log.ts'

/** 200 ms of work in total, of which one turn of the event loop may take no more than about eight. */
const crowd = { count: 5_000, eachMs: 0.04 }
const mostInATurn = 12 / crowd.eachMs

test('An event for thousands of followers leaves the event loop to others in between', async (t) => {
  const { log, feeds } = opened(t)
  const turns = countTurns(t)
  let told = 0
  for (let n = 0; n < crowd.count; n += 1) {
    await followFrom(feeds, log, 'a', () => {
      spin(crowd.eachMs)
      turns.count()
      told += 1
      return true
    })
  }
  await append(log, 'a')
  while (told < crowd.count) await turn()
  assert.ok(turns.most() <= mostInATurn, `${turns.most()} of ${crowd.count} in one turn`)
})

test('So it does when thousands who waited for it begin to work in promises of their own', async (t) => {
  const { log, feeds } = opened(t)
  const turns = countTurns(t)
  const position = await feeds.open('a')
  const { signal } = new AbortController()
  const answered = Array.from({ length: crowd.count }, async () => {
    assert.equal(await feeds.moved('a', position, signal), true)
    await feeds.read('a', position)
    spin(crowd.eachMs)
    turns.count()
  })
  await turn()
  await append(log, 'a')
  await Promise.all(answered)
  assert.ok(turns.most() <= mostInATurn, `${turns.most()} of ${crowd.count} in one turn`)
})

test('So it does when thousands wait for one read of what memory has no more', async (t) => {
  const { log, feeds } = opened(t)
  const turns = countTurns(t)
  await append(log, 'a', 300)
  await feeds.open('a')
  await append(log, 'a', 300)
  await turn()
  let told = 0
  for (let n = 0; n < crowd.count; n += 1) {
    const take = () => {
      spin(crowd.eachMs)
      turns.count()
      told += 1
      // Full after the first batch, so it stays at that one.
      return false
    }
    feeds.follow('a', { epoch: log.epoch(), seq: 1 }, followerOf(take)).resume()
  }
  while (told < crowd.count) await turn()
  assert.equal(told, crowd.count)
  assert.ok(turns.most() <= mostInATurn, `${turns.most()} of ${crowd.count} in one turn`)
})

test('A stream with one follower does not wait until another has told its thousands', async (t) => {
  const { log, feeds } = opened(t)
  let told = 0
  for (let n = 0; n < crowd.count; n += 1) {
    await followFrom(feeds, log, 'crowded', () => {
      spin(crowd.eachMs)
      told += 1
      return true
    })
  }
  let toldBefore: number | undefined
  await followFrom(feeds, log, 'small', () => {
    toldBefore = told
    return true
  })
  await append(log, 'crowded')
  await append(log, 'small')
  while (told < crowd.count) await turn()
  assert.ok(toldBefore !== undefined && toldBefore <= mostInATurn, `${toldBefore} were told before`)
})

test('Each gets every entry once and in order when more comes while thousands are being told', async (t) => {
  const { log, feeds } = opened(t)
  const seqs = Array.from({ length: crowd.count }, (): number[] => [])
  const batches = new Set<Batch>()
  for (const own of seqs) {
    await followFrom(feeds, log, 'a', (batch) => {
      spin(crowd.eachMs / 4)
      batches.add(batch)
      if (batch.type === 'entries') own.push(...batch.entries.map(({ seq }) => seq))
      return true
    })
  }
  for (let n = 0; n < 5; n += 1) {
    await append(log, 'a')
    await turn()
  }
  while (seqs.some((own) => own.at(-1) !== 5)) await turn()
  for (const own of seqs) assert.deepEqual(own, [1, 2, 3, 4, 5])
  assert.ok(batches.size < 15, 'who is at one place shares a batch')
})

test('Who is stopped while waiting to be told is told nothing', async (t) => {
  const { log, feeds } = opened(t)
  const followings: { stop(): void }[] = []
  let told = 0
  for (let n = 0; n < crowd.count; n += 1) {
    const following = await followFrom(feeds, log, 'a', () => {
      spin(crowd.eachMs)
      told += 1
      if (told === 10) for (const each of followings.slice(20)) each.stop()
      return true
    })
    followings.push(following)
  }
  let fenced = false
  await followFrom(feeds, log, 'a', () => {
    fenced = true
    return true
  })
  await append(log, 'a')
  while (!fenced) await turn()
  assert.equal(told, 20)
  assert.equal(feeds.followers('a'), 21)
})

function opened(t: { after(close: () => void): void }) {
  const log = createMemoryLog({ retention: 1_000 })
  const feeds = createFeeds(log)
  t.after(feeds.close)
  return { log, feeds }
}

async function followFrom(feeds: Feeds, log: Log, stream: string, take: Follower['take']) {
  await feeds.open(stream)
  const following = feeds.follow(stream, { epoch: log.epoch(), seq: 0 }, followerOf(take))
  following.resume()
  return following
}

function followerOf(take: Follower['take']): Follower {
  return { take, onBacklog: () => undefined, onAccessRevoked: () => undefined }
}

function append(log: Log, stream: string, count = 1) {
  const entries = Array.from({ length: count }, () => ({ stream, type: 'note', data: null }))
  return log.transact((tx) => log.append(tx, entries))
}

/** Blocks the event loop for `ms` by the clock, so a slow machine fits fewer calls into a turn and never more. */
function spin(ms: number) {
  const until = performance.now() + ms
  while (performance.now() < until);
}

/** The highest number of `count` calls within one turn of the event loop. */
function countTurns(t: { after(stop: () => void): void }) {
  let [inThis, most] = [0, 0]
  let next = setImmediate(function begin() {
    inThis = 0
    next = setImmediate(begin)
  })
  t.after(() => clearImmediate(next))
  return {
    count() {
      inThis += 1
      most = Math.max(most, inThis)
    },
    most: () => most,
  }
}
