import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { createClient } from '@redis/client'
import { openRedis } from '#server/backplane/redis.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { createLoanCache } from './loan-cache.ts'
import type { LoanSnapshot } from './read-loan.ts'

const secret = 'a secret that only tests know, and long enough'
/** A call's deadline is 200 ms, and up to five times that while this process is busy. */
const soonMs = 1_500

test('What one node has read, all nodes of the same secret find, as long as it is as it was written', {
  skip: noRedis,
}, async (t) => {
  const { cache, other, raw, keep } = await stage(t)
  await keep(snapshot(5))
  const found = await other.find('L-1', { epoch: 'e', seq: 5 }, asItIs)
  assert.deepEqual(found, snapshot(5))
  for (const at of [
    { epoch: 'e', seq: 4 },
    { epoch: 'e', seq: 6 },
    { epoch: 'f', seq: 5 },
  ]) {
    assert.equal(await other.find('L-1', at, asItIs), undefined)
  }
  assert.deepEqual(other.counts(), { hit: 1, miss: 3, invalid: 0, unavailable: 0 })
  const secondsLeft = await raw.ttl('e:L-1:5')
  assert.ok(secondsLeft > 590 && secondsLeft <= 600, `${secondsLeft} s`)
  await raw.flushAll()
  assert.equal(await cache.find('L-1', { epoch: 'e', seq: 5 }, asItIs), undefined)
  assert.equal(cache.counts().miss, 1)
})

test('Whoever writes to Redis makes nobody believe anything', { skip: noRedis }, async (t) => {
  const { cache, raw, keep } = await stage(t)
  await keep(snapshot(5))
  await keep(snapshot(6))
  const [older, newer] = [(await raw.get('e:L-1:5')) ?? '', (await raw.get('e:L-1:6')) ?? '']
  const mine = newer.replace('"id":"ann"', '"id":"mallory"')
  const forged = createLoanCache(
    { call: (work) => work(raw as never) },
    'another secret, of as many characters as it takes',
  )
  forged.keep('e', { ...snapshot(7), loan: { ...snapshot(7).loan, id: 'L-2' } })
  await eventually(() => raw.get('e:L-2:7'))
  const ofAnotherSecret = (await raw.get('e:L-2:7')) ?? ''
  assert.notEqual(mine, newer)

  // What a cache that trusts Redis would serve: the previous state, and another user's loan.
  const trusting = (value: string) => JSON.parse(value.slice(value.indexOf('{'))) as LoanSnapshot
  assert.equal(trusting(older).seq, 5)
  assert.equal(trusting(mine).loan.applicant.id, 'mallory')

  const tampered: [string, () => Promise<unknown>][] = [
    ['an older loan under a newer key', () => raw.set('e:L-1:6', older)],
    ['another owner', () => raw.set('e:L-1:6', mine)],
    ['another secret', () => raw.set('e:L-1:6', ofAnotherSecret)],
    ['what the format before this has left', () => raw.set('e:L-1:6', ofFormat(0, newer.slice(43)))],
    ['a cut value', () => raw.set('e:L-1:6', newer.slice(0, -1))],
    ['half a MAC', () => raw.set('e:L-1:6', newer.slice(0, 20))],
    ['garbage', () => raw.set('e:L-1:6', 'garbage')],
    ['no text', () => raw.set('e:L-1:6', Buffer.from([0xff, 0x00, 0xfe]))],
    ['50 MB', () => raw.set('e:L-1:6', 'x'.repeat(50_000_000))],
  ]
  for (const [what, tamper] of tampered) {
    const { invalid } = { ...cache.counts() }
    await tamper()
    const since = performance.now()
    assert.equal(await cache.find('L-1', { epoch: 'e', seq: 6 }, asItIs), undefined, what)
    assert.ok(performance.now() - since < soonMs, what)
    assert.equal(cache.counts().invalid, invalid + 1, what)
  }
  await raw.del('e:L-1:6')
  await raw.lPush('e:L-1:6', newer)
  assert.equal(await cache.find('L-1', { epoch: 'e', seq: 6 }, asItIs), undefined, 'a list')
  assert.equal(cache.counts().unavailable, 1)
  await keep(snapshot(6))
  assert.deepEqual(
    await cache.find('L-1', { epoch: 'e', seq: 6 }, asItIs),
    snapshot(6),
    'and what is kept next is whole again',
  )
})

test('A loan that is not of the shape that it should be is none, and fails nobody', {
  skip: noRedis,
}, async (t) => {
  const { cache, keep } = await stage(t)
  const { payments, ...shapeless } = snapshot(5).loan
  await keep({ ...snapshot(5), loan: shapeless as LoanSnapshot['loan'] })
  const countOf = ({ loan }: LoanSnapshot) => loan.payments.length
  assert.equal(await cache.find('L-1', { epoch: 'e', seq: 5 }, countOf), undefined)
  assert.deepEqual(cache.counts(), { hit: 0, miss: 0, invalid: 1, unavailable: 0 })
  await keep({ ...snapshot(6), loan: { ...shapeless, payments } })
  assert.equal(await cache.find('L-1', { epoch: 'e', seq: 6 }, countOf), 0)
})

test('After the database became another, nothing is believed that its lost life may have left', {
  skip: noRedis,
}, async (t) => {
  const clock = { ms: 0 }
  const { cache, other, keep } = await stage(t, clock)
  const find = (of: typeof cache) => of.find('L-1', { epoch: 'e', seq: 5 }, asItIs)
  await keep(snapshot(5))
  cache.distrust()
  assert.equal(await find(cache), undefined)
  assert.deepEqual(await find(other), snapshot(5), 'the control arm: it is still there')
  clock.ms += 599_000
  assert.equal(await find(cache), undefined)
  clock.ms += 1_000
  assert.deepEqual(await find(cache), snapshot(5))
})

test('A Redis that is frozen or gone costs a moment, and then none', { skip: noRedis }, async (t) => {
  const { redis, cache, keep } = await stage(t)
  await keep(snapshot(5))
  const find = () => cache.find('L-1', { epoch: 'e', seq: 5 }, asItIs)
  redis.freeze()
  const first = performance.now()
  assert.equal(await find(), undefined)
  assert.ok(performance.now() - first < soonMs)
  const then = performance.now()
  for (let times = 0; times < 50; times += 1) assert.equal(await find(), undefined)
  assert.ok(performance.now() - then < soonMs, 'nobody waits for one who has not answered the one before')
  redis.thaw()
  await eventually(find)
  await redis.kill()
  assert.equal(await find(), undefined)
  assert.equal(cache.counts().unavailable >= 52, true)
  await redis.start()
  await eventually(async () => {
    cache.keep('e', snapshot(5))
    return find()
  })
})

async function stage(t: TestContext, clock = { ms: 0 }) {
  const redis = await testRedis(t)
  const connections = [
    await openRedis(redis.url, createLogger('silent')),
    await openRedis(redis.url, createLogger('silent')),
  ]
  const [cache, other] = connections.map((connection) => createLoanCache(connection, secret, () => clock.ms))
  assert.ok(cache && other)
  const raw = createClient({ url: redis.url })
  raw.on('error', () => undefined)
  await raw.connect()
  t.after(async () => {
    raw.destroy()
    for (const connection of connections) await connection.close()
  })
  async function keep(kept: LoanSnapshot) {
    cache?.keep('e', kept)
    await eventually(async () => (await raw.type(`e:L-1:${kept.seq}`)) === 'string')
  }
  return { redis, cache, other, raw, keep }
}

const asItIs = (found: LoanSnapshot) => found

/** A loan as a version with another format would store it; version 0 wrote no format. */
function ofFormat(format: number, text: string): string {
  const label = `wireside loan cache${format ? ` ${format}` : ''}`
  const key = createHmac('sha256', secret).update(label).digest()
  return createHmac('sha256', key).update(`e:L-1:6\n${text}`).digest('base64url') + text
}

function snapshot(seq: number): LoanSnapshot {
  const loan = {
    ...{
      id: 'L-1',
      status: 'under-review',
      amountMinor: 100,
      currency: 'EUR',
      purpose: 'Ünï → 🏠',
      termMonths: 12,
    },
    ...{
      instalmentMinor: 9,
      outstandingMinor: 100,
      createdAt: '2026-11-30T00:00:00.000Z',
      stages: [],
      payments: [],
    },
    ...{ applicant: { id: 'ann', name: 'Ann', handle: 'ann' }, cursor: `e.${seq}` },
  } as LoanSnapshot['loan']
  return { loan, seq, dueAtMs: 1_000, settled: true }
}
