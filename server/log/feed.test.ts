import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { followed } from '#server/testing/followed.ts'
import { logs } from '#server/testing/test-log.ts'
import { createFeeds, type Feeds } from './feeds.ts'
import type { Batch } from './log.ts'
import { formatCursor, type Log } from './log.ts'
import { createMemoryLog } from './memory-log.ts'

test('A wake-up that comes at the very end of a read is not lost', async (t) => {
  for (let microtasks = 0; microtasks < 30; microtasks += 1) {
    const log = createMemoryLog({ retention: 10 })
    const feeds = createFeeds({
      ...log,
      async read(...args) {
        const slice = await log.read(...args)
        for (let n = 0; n < microtasks; n += 1) await undefined
        return slice
      },
    })
    t.after(feeds.close)
    await feeds.open('a')
    await Promise.all([append(log, 1), append(log, 1)])
    await turn()
    assert.equal(feeds.headOf('a')?.seq, 2, `the read took ${microtasks} microtasks`)
  }
})

test('A wake-up to what there never was does not cover up the one that comes during its read', async (t) => {
  const log = createMemoryLog({ retention: 10 })
  let tell: (stream: string, seq: number, reason: 'wake-up') => void = () => undefined
  let duringReads: () => Promise<void> = async () => undefined
  const feeds = createFeeds({
    ...log,
    async read(...args) {
      const slice = await log.read(...args)
      await duringReads()
      return slice
    },
    onMove: (listener) => {
      tell = listener
    },
  })
  t.after(feeds.close)
  await feeds.open('a')
  duringReads = async () => {
    duringReads = async () => undefined
    await append(log, 1)
    tell('a', 1, 'wake-up')
  }
  tell('a', Number.MAX_SAFE_INTEGER, 'wake-up')
  for (let turns = 0; turns < 20; turns += 1) await turn()
  assert.equal(feeds.headOf('a')?.seq, 1)
  await append(log, 1)
  tell('a', 2, 'wake-up')
  await turn()
  assert.equal(feeds.headOf('a')?.seq, 2, 'it is at rest again')
})

test('A stream that is written to without a pause does not keep its readers waiting', async (t) => {
  const log = createMemoryLog({ retention: 10 })
  let reads = 0
  const feeds = createFeeds({
    ...log,
    async read(...args) {
      reads += 1
      const slice = await log.read(...args)
      if (reads < 1_000) await append(log, 1)
      return slice
    },
  })
  t.after(feeds.close)
  const readsOf = async (reader: Promise<unknown>) => {
    const before = reads
    await reader
    return reads - before
  }
  assert.ok((await readsOf(feeds.open('a'))) < 5)
  assert.ok((await readsOf(feeds.read('a', 'now'))) < 5)
})

test('A reader that was slow for minutes goes on although its feed was put away', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const log = createMemoryLog({ retention: 10 })
  const feeds = createFeeds(log, { idleMs: 0 })
  t.after(feeds.close)
  const patience = new AbortController()
  t.after(() => patience.abort())
  await append(log, 1)
  const slow = followed(feeds, 'a', 'start', patience.signal)
  assert.deepEqual(seqsIn(await slow.next()), [1])

  t.mock.timers.tick(30_000)
  assert.equal(feeds.size(), 0)
  const next = slow.next()
  await turn()
  await append(log, 1)
  await turn()
  patience.abort()
  assert.deepEqual(seqsIn(await next), [2])
})

test('A feed that somebody waits on is kept', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const log = createMemoryLog({ retention: 10 })
  const feeds = createFeeds(log, { idleMs: 0 })
  t.after(feeds.close)
  const patience = new AbortController()
  const waiting = followed(feeds, 'a', 'now', patience.signal).next()
  await turn()
  t.mock.timers.tick(30_000)
  assert.equal(feeds.size(), 1)
  patience.abort()
  assert.equal((await waiting).done, true)
  t.mock.timers.tick(30_000)
  assert.equal(feeds.size(), 0)
})

test('Readers at the same place share one read and one batch, and old places are forgotten', async (t) => {
  const log = createMemoryLog({ retention: 1_000 })
  await append(log, 1_000)
  let reads = 0
  const feeds = createFeeds({
    ...log,
    read: (...args) => {
      reads += 1
      return log.read(...args)
    },
  })
  t.after(feeds.close)
  const at = async (seq: number) => feeds.read('a', { epoch: log.epoch(), seq })
  await feeds.open('a')
  reads = 0

  const shared = await Promise.all([at(7), at(7), at(7)])
  assert.equal(new Set(shared).size, 1)
  assert.equal(reads, 1)
  for (let seq = 100; seq < 400; seq += 1) await at(seq)
  assert.equal(reads, 301)
  await at(399)
  assert.equal(reads, 301, 'the latest place is remembered')
  await at(7)
  assert.equal(reads, 302, 'the place of long ago is not')
})

test('History of large entries is read about once, however often the reader must stop', async (t) => {
  const size = 100
  const log = createMemoryLog({ retention: size })
  let read = 0
  const feeds = createFeeds({
    ...log,
    async read(...args) {
      const slice = await log.read(...args)
      read += slice.entries.length
      return slice
    },
  })
  t.after(feeds.close)
  await log.transact(async (tx) => {
    await log.append(
      tx,
      Array.from({ length: size }, () => ({ stream: 'a', type: 'x', data: 'x'.repeat(20_000) })),
    )
  })
  const { seq: head } = await feeds.open('a')
  read = 0
  let after: Parameters<Feeds['read']>[1] = 'start'
  for (let got = 0; got < head; ) {
    const batch: Batch = await feeds.read('a', after)
    assert.ok(batch.type === 'entries' && batch.entries.length > 0)
    got += batch.entries.length
    after = batch.next
  }
  // Some is read in vain at first, because the entry size is not known yet.
  assert.ok(read <= 3 * size, `${read} entries were read for ${size}`)
})

test('A stream of which nothing is kept moves on, and says so', async (t) => {
  const log = createMemoryLog({ retention: 0 })
  const feeds = createFeeds(log)
  t.after(feeds.close)
  const head = await feeds.open('a')
  await append(log, 1)
  await turn()
  assert.equal(feeds.headOf('a')?.seq, 1)
  assert.deepEqual(await feeds.read('a', head), {
    type: 'reset',
    reason: 'trimmed',
    head: { ...head, seq: 1 },
  })
})

for (const { name, open } of logs) {
  describe(`A feed of the ${name} log`, () => {
    test('C5 starts at what retention left, also when that has changed since the feed was opened', async (t) => {
      const { log, trim } = await open(t, { retention: 20 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      await append(log, 25)
      await feeds.open('a')
      await trim()
      const batch = await feeds.read('a', 'start')
      assert.deepEqual(seqsOf(batch).slice(0, 2), [6, 7])
      assert.equal(seqsOf(batch).length, 20)
    })

    test('C3 says reset, with the head, for another epoch, beyond the head and what was trimmed', async (t) => {
      const { log, trim } = await open(t, { retention: 20 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      await append(log, 25)
      await trim()
      const epoch = log.epoch()
      const head = { epoch, seq: 25 }
      assert.deepEqual(await resetAt(feeds, 'other', 3), { reason: 'epoch', head })
      assert.deepEqual(await resetAt(feeds, epoch, 26), { reason: 'beyond-head', head })
      assert.deepEqual(await resetAt(feeds, epoch, 10 ** 16), { reason: 'beyond-head', head })
      assert.deepEqual(await resetAt(feeds, epoch, 4), { reason: 'trimmed', head })
      assert.deepEqual(seqsOf(await feeds.read('a', { epoch, seq: 5 })).at(0), 6)
      assert.deepEqual(seqsOf(await feeds.read('a', head)), [])
    })

    test('After a reset a follower goes on live from the head that it was told', async (t) => {
      const { log } = await open(t, { retention: 20 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      const patience = new AbortController()
      t.after(() => patience.abort())
      await append(log, 3)
      const follower = followed(feeds, 'a', { epoch: 'other', seq: 1 }, patience.signal)
      const first = (await follower.next()).value
      assert.equal(first?.type, 'reset')
      const next = follower.next()
      await append(log, 1)
      assert.deepEqual(seqsIn(await next), [4])
    })

    test('SP1 reads a long stream in batches of at most 300', async (t) => {
      const { log } = await open(t, { retention: 1_000 })
      const feeds = createFeeds(log)
      t.after(feeds.close)
      await append(log, 650)
      const sizes: string[] = []
      for (let seq = 0, more = true; more; ) {
        const batch = await feeds.read('a', { epoch: log.epoch(), seq })
        assert.equal(batch.type, 'entries')
        if (batch.type !== 'entries') return
        sizes.push(`${batch.entries.length} to ${formatCursor(batch.next).split('.')[1]}`)
        ;({
          more,
          next: { seq },
        } = batch)
      }
      assert.deepEqual(sizes, ['300 to 300', '300 to 600', '50 to 650'])
    })
  })
}

function append(log: Log, count: number) {
  const entries = Array.from({ length: count }, () => ({ stream: 'a', type: 'note', data: null }))
  return log.transact((tx) => log.append(tx, entries))
}

function seqsOf(batch: Batch): number[] {
  return batch.type === 'entries' ? batch.entries.map((entry) => entry.seq) : []
}

function seqsIn(result: IteratorResult<Batch, void>): number[] {
  return result.done ? [] : seqsOf(result.value)
}

async function resetAt(feeds: Feeds, epoch: string, seq: number) {
  const batch = await feeds.read('a', { epoch, seq })
  return batch.type === 'reset' ? { reason: batch.reason, head: batch.head } : batch
}
