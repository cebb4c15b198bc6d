import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { eventually } from '#server/testing/eventually.ts'
import { createFeeds } from './feeds.ts'
import type { Batch, Entry, Log, MoveReason } from './log.ts'
import { createMemoryLog } from './memory-log.ts'

describe('An entry that is received', () => {
  const open = async (t: TestContext, options = {}) => {
    const log = createMemoryLog({ retention: 10 })
    let reads = 0
    let meanwhile = async () => undefined as unknown
    const listeners: ((stream: string, seq: number, reason: MoveReason) => void)[] = []
    const rewriteListeners: ((stream: string, seq: number) => void)[] = []
    const feeds = createFeeds(
      {
        ...log,
        async read(...args) {
          reads += 1
          await meanwhile()
          return log.read(...args)
        },
        onMove: (listener) => void listeners.push(listener),
        onRewrite: (listener) => void rewriteListeners.push(listener),
      },
      { isSure: () => true, receivesWithinMs: 200, ...options },
    )
    t.after(feeds.close)
    await append(log, 2)
    const head = await feeds.open('a')
    reads = 0
    const next = async (type = 'note') => {
      await append(log, 1, type)
      const { entries } = await log.read('a', 0, 10)
      return entries.at(-1) as Entry
    }
    return {
      ...{ log, feeds, head, next },
      reads: () => reads,
      duringReads: (work: typeof meanwhile) => {
        meanwhile = work
      },
      remoteMove: (seq: number) => {
        for (const listen of listeners) listen('a', seq, 'wake-up')
      },
      rewritten: (seq: number) => {
        for (const listen of rewriteListeners) listen('a', seq)
      },
    }
  }

  test('becomes the next one without a read, whatever its type is', async (t) => {
    const { feeds, head, next, reads } = await open(t)
    const entry = await next('type of a later version')
    assert.equal(feeds.receive('a', entry), 'taken')
    const batch = await feeds.read('a', head)
    assert.deepEqual(batch.type === 'entries' && batch.entries, [entry])
    assert.equal(reads(), 0)
    assert.equal(feeds.receive('a', entry), 'repeated')
    assert.deepEqual(seqsOf(await feeds.read('a', head)), [3])
  })

  test('is taken again after one read, when a message told of a rewrite of what there never was', async (t) => {
    const { feeds, next, reads, rewritten } = await open(t)
    rewritten(Number.MAX_SAFE_INTEGER)
    assert.equal(feeds.receive('a', await next()), 'read')
    await eventually(() => feeds.headOf('a')?.seq === 3)
    assert.equal(feeds.receive('a', await next()), 'taken')
    assert.equal(reads(), 1)
  })

  test('is a mere wake-up when others are missing before it, and brings those too', async (t) => {
    const { feeds, head, next, reads } = await open(t)
    await next()
    assert.equal(feeds.receive('a', await next()), 'read')
    assert.deepEqual(seqsOf(await feeds.read('a', head)), [3, 4])
    assert.equal(reads(), 1)
  })

  test('is a mere wake-up while a read is under way, so that the head never goes back', async (t) => {
    const { feeds, head, next, remoteMove, duringReads, reads } = await open(t, { receivesWithinMs: 0 })
    const [third, fourth] = [await next(), await next()]
    let received: string | undefined
    duringReads(async () => {
      await turn()
      received ??= feeds.receive('a', third)
    })
    remoteMove(3)
    assert.deepEqual(seqsOf(await feeds.read('a', head)), [3, 4])
    assert.equal(received, 'read')
    assert.equal(feeds.receive('a', fourth), 'repeated')
    assert.equal(reads(), 1)
  })

  test('is a mere wake-up up to where entries were rewritten: it may hold what was taken back', async (t) => {
    const { feeds, next, rewritten, reads } = await open(t)
    const [third, fourth] = [await next(), await next()]
    rewritten(3)
    assert.equal(feeds.receive('a', third), 'read')
    await turn()
    assert.equal(reads(), 1)
    assert.equal(feeds.receive('a', fourth), 'repeated')
    assert.equal(feeds.receive('a', await next()), 'taken')
    assert.equal(reads(), 1)
  })

  test('is a mere wake-up while it is not known who has lost the right to it', async (t) => {
    let isSure = false
    const { feeds, next, reads } = await open(t, { isSure: () => isSure })
    assert.equal(feeds.receive('a', await next()), 'read')
    await turn()
    assert.equal(reads(), 1)
    isSure = true
    assert.equal(feeds.receive('a', await next()), 'taken')
  })

  test('is waited for when a wake-up comes before it; what does not come is read', async (t) => {
    const { feeds, next, remoteMove, reads } = await open(t, { receivesWithinMs: 1_000 })
    const third = await next()
    remoteMove(3)
    await turn()
    assert.equal(feeds.headOf('a')?.seq, 2)
    assert.equal(feeds.receive('a', third), 'taken')
    await next()
    remoteMove(4)
    await turn()
    assert.equal(reads(), 0)
    await eventually(() => feeds.headOf('a')?.seq === 4)
    assert.equal(reads(), 1)
  })
})

function append(log: Log, count: number, type = 'note') {
  const entries = Array.from({ length: count }, () => ({ stream: 'a', type, data: null }))
  return log.transact((tx) => log.append(tx, entries))
}

function seqsOf(batch: Batch): number[] {
  return batch.type === 'entries' ? batch.entries.map((entry) => entry.seq) : []
}
