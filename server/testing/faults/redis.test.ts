import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { eventually } from '#server/testing/eventually.ts'
import { assertComplete, atTheHead, followersOf, load, peopleAt } from '#server/testing/followers.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { insist, noRedis, testRedis } from '#server/testing/redis.ts'
import { connected } from '#server/testing/redis-nodes.ts'
import { appOn, type TestApp, testApp } from '#server/testing/test-app.ts'
import { at, buy, orderOf, place, quote } from '#server/testing/trading.ts'

const never = '3600000'
/** The check runs every 800 ms, and this machine is busy. */
const promisedMs = 2_500
const betweenLooksMs = 50

test('Over Redis a wake-up reaches the node that follows, and no other; it reads Postgres once for it', {
  skip: noRedis,
}, async (t) => {
  const redis = await testRedis(t)
  const settings = { REDIS_URL: redis.url, LOG_CHECK_MS: never, ROLES: 'gateway' }
  const writer = await testApp(t, settings)
  const follows = await appOn(t, writer.databaseUrl, settings)
  const other = await appOn(t, writer.databaseUrl, settings)
  const nodes = [writer, follows, other]
  await eventually(() => nodes.every(({ context }) => context.backplane.isConnected()))
  const { feeds } = follows.context
  await feeds.open('feed')
  await other.context.feeds.open('user:nobody')
  await reached(writer, follows, 'log:feed')
  const before = await metrics(follows)
  await say(writer)
  await eventually(() => feeds.headOf('feed')?.seq === 1)
  const after = await metrics(follows)
  const rose = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
  assert.equal(rose('wireside_log_reads_total{reason="wake-up"}'), 1)
  assert.equal(rose('wireside_log_reads_total{reason="check"}'), 0)
  // Nodes exchange other messages too.
  assert.ok(rose('wireside_backplane_received_total') >= 1)
  assert.ok(((await metrics(writer)).wireside_backplane_published_total ?? 0) >= 1)

  const channels = ['log:feed', 'log:user:nobody'].map(
    (channel) => `${writer.context.log.epoch()}:${channel}`,
  )
  const engine = writer.context.redis ?? assert.fail()
  const subscribers = await insist(engine, (client) => client.pubSubNumSub(channels))
  assert.deepEqual(Object.values(subscribers).map(Number), [1, 1], 'each has the one node that follows')
})

test('Through a Redis that is killed, restarted empty, frozen for 10 s and full of garbage, under load, each client gets every entry once, about a second late at most', {
  skip: noRedis,
  timeout: 180_000,
}, async (t) => {
  const redis = await testRedis(t)
  const settings = { REDIS_URL: redis.url }
  const writer = await testApp(t, settings)
  const reader = await appOn(t, writer.databaseUrl, settings)
  const unchecked = await appOn(t, writer.databaseUrl, { ...settings, LOG_CHECK_MS: never })
  const nodes = [writer, reader, unchecked]
  await connected(nodes)
  const people = await peopleAt(writer, 2)
  const streams = people.map(({ id }) => `user:${id}`)
  const followers = followersOf(t, people, [writer, reader])
  const control = followersOf(t, people, [unchecked])
  const { heads, stop } = load(t, writer, streams)
  await atTheHead([...followers, ...control], heads)

  /** While Redis is unavailable: the check repairs it, and without the check nothing arrives. */
  async function heals(what: string, forMs: number) {
    await eventually(() => nodes.every(({ context }) => !context.backplane.isConnected()))
    const before = new Map(heads)
    const began = performance.now()
    let worstMs = 0
    while (performance.now() - began < forMs) {
      worstMs = Math.max(worstMs, await atTheHead(followers, heads))
      await pause(betweenLooksMs)
    }
    t.diagnostic(`${what}: at the head ${Math.round(worstMs)} ms late at most`)
    assert.ok(worstMs < promisedMs, `${what}: ${worstMs} ms`)
    const behind = control.filter(({ stream, seqs }) => (seqs.at(-1) ?? 0) <= (before.get(stream) ?? 0) + 1)
    assert.deepEqual(behind, control, 'the control arm hears nothing, and does not look')
  }

  await redis.kill()
  await heals('killed', 3_000)
  await redis.start()
  await connected(nodes)
  await atTheHead([...followers, ...control], heads)

  redis.freeze()
  t.after(redis.thaw)
  await heals('frozen', 10_000)
  redis.thaw()
  await connected(nodes)
  await atTheHead([...followers, ...control], heads)

  const { redis: engine = assert.fail(), log } = writer.context
  const garbage = [
    '',
    '1',
    '0',
    'x',
    '-1',
    '1e3',
    '9007199254740991',
    'rewritten 1',
    'rewritten 9007199254740991',
  ]
  for (const text of [
    ...garbage,
    ...garbage.map((seq) => JSON.stringify(['stranger', seq])),
    '["stranger"',
    '[[]]',
  ]) {
    for (const channel of [...streams.map((stream) => `log:${stream}`), 'accounts', 'check', 'log:']) {
      await insist(engine, (client) => client.publish(`${log.epoch()}:${channel}`, text))
    }
    assert.ok((await atTheHead(followers, heads)) < promisedMs)
  }

  await stop()
  await atTheHead([...followers, ...control], heads)
  assertComplete([...followers, ...control], heads)
})

test('T7 What accounts do at one node, the order filler of another hears over Redis; what it missed it looks for when Redis is back', {
  skip: noRedis,
}, async (t) => {
  const redis = await testRedis(t)
  const settings = { REDIS_URL: redis.url, LOG_CHECK_MS: never }
  const web = await testApp(t, { ...settings, ROLES: 'web,gateway' })
  const worker = await appOn(t, web.databaseUrl, { ...settings, ROLES: 'worker' })
  await connected([web, worker])
  const person = await signedInPerson(web)
  const restAndCross = async () => {
    for (const node of [web, worker]) quote(node, 'HELX', 999, 1_000)
    const order = await place(person, at(900, buy(1, 'HELX')))
    quote(worker, 'HELX', 890, 895)
    return order
  }
  const isFilled = async (order: { id: string }) => (await orderOf(person, order)).status === 'filled'
  const heard = await restAndCross()
  await eventually(() => isFilled(heard))

  await redis.kill()
  await eventually(() => !worker.context.backplane.isConnected())
  const missed = await restAndCross()
  // A fence: this node's order filler sees its own commits.
  await say(worker)
  assert.equal(await isFilled(missed), false)
  await redis.start()
  await eventually(() => isFilled(missed))
})

/** Waits until messages from one reach the other, because a slow subscription takes effect on its own. */
async function reached(from: Pick<TestApp, 'context'>, to: Pick<TestApp, 'context'>, channel: string) {
  const heard: string[] = []
  const leave = await to.context.backplane.subscribe(channel, (message) => heard.push(message))
  let last = 0
  await eventually(() => {
    last += 1
    from.context.backplane.publish(channel, `probe ${last}`)
    return heard.length > 0
  })
  await eventually(() => heard.at(-1) === `probe ${last}`)
  leave()
}

async function metrics({ port }: Pick<TestApp, 'port'>): Promise<Record<string, number>> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  )
}

function say({ context: { log } }: Pick<TestApp, 'context'>) {
  return log.transact((tx) => log.append(tx, [{ stream: 'feed', type: 'note', data: null }]))
}
