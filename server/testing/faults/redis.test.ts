import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { appOn, type TestApp, testApp } from '#server/testing/test-app.ts'

const never = '3600000'

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
  const before = await metrics(follows)
  await say(writer)
  await eventually(() => feeds.headOf('feed')?.seq === 1)
  const after = await metrics(follows)
  const rose = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
  assert.equal(rose('wireside_log_reads_total{reason="wake-up"}'), 1)
  assert.equal(rose('wireside_log_reads_total{reason="check"}'), 0)
  assert.equal(rose('wireside_backplane_received_total'), 1)
  assert.ok(((await metrics(writer)).wireside_backplane_published_total ?? 0) >= 1)

  // A fence: what it was sent before has come before.
  writer.context.backplane.publish('log:user:nobody', '1')
  await eventually(() => other.context.backplane.counts().received > 0)
  assert.equal(other.context.backplane.counts().received, 1)
})

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
