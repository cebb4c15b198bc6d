import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { appOn, type TestApp, testApp } from '#server/testing/test-app.ts'

const never = '3600000'

test('Over Redis a wake-up reaches the other node without any check', { skip: noRedis }, async (t) => {
  const redis = await testRedis(t)
  const settings = { REDIS_URL: redis.url, LOG_CHECK_MS: never }
  const writer = await testApp(t, settings)
  const reader = await appOn(t, writer.databaseUrl, settings)
  await eventually(() => reader.context.backplane.isConnected() && writer.context.backplane.isConnected())
  const { feeds } = reader.context
  await feeds.open('feed')
  await say(writer)
  await eventually(() => feeds.headOf('feed')?.seq === 1)
  assert.equal(reader.context.backplane.counts().received, 1)
})

function say({ context: { log } }: Pick<TestApp, 'context'>) {
  return log.transact((tx) => log.append(tx, [{ stream: 'feed', type: 'note', data: null }]))
}
