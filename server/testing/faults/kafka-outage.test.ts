import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { readEnv } from '#server/env.ts'
import { openKafka } from '#server/kafka/connection.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { assertComplete, atTheHead, followersOf, load, peopleAt } from '#server/testing/followers.ts'
import { kafkaMissing, ownKafka } from '#server/testing/kafka.ts'
import { append, metric, nodesOn, reachOverKafka } from '#server/testing/kafka-nodes.ts'
import { entryRecords } from '#server/testing/kafka-records.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const skip = kafkaMissing ?? false
const promisedMs = 5_000
const frozenMs = 10_000

test('Through a Kafka that is killed, frozen for 10 s and emptied under load, each client gets every entry once.', {
  skip,
  timeout: 180_000,
}, async (t) => {
  const broker = await ownKafka(t)
  const { writer, gateways } = await nodesOn(t, broker.settings)
  const people = await peopleAt(writer, 3)
  const followers = followersOf(t, people, gateways)
  const onlyKafka = await entryRecords(t, await openKafka(readEnv({ NODE_ENV: 'test', ...broker.settings })))
  const { heads, stop } = load(
    t,
    writer,
    people.map(({ id }) => `user:${id}`),
  )
  const received = () =>
    Promise.all(gateways.map((gateway) => metric(gateway, 'wireside_kafka_received_total')))
  const comesOverKafka = async () => {
    const before = await received()
    await eventually(async () => (await received()).every((now, nth) => now > (before[nth] ?? 0)))
  }
  /** Entries in flight still arrive. */
  const comesNoMore = () =>
    eventually(async () => {
      const before = await received()
      await pause(500)
      return isDeepStrictEqual(await received(), before)
    })
  const onTime = async () => {
    const tookMs = await atTheHead(followers, heads)
    assert.ok(tookMs < promisedMs, `${tookMs} ms to the head`)
  }
  await comesOverKafka()

  await broker.kill()
  await comesNoMore()
  const whenKilled = await received()
  await onTime()
  await pause(1_000)
  assert.deepEqual(await received(), whenKilled)
  await onTime()
  await broker.start()
  await comesOverKafka()

  broker.freeze()
  const thawed = pause(frozenMs)
  await comesNoMore()
  const whenFrozen = new Map(heads)
  await thawed
  await onTime()
  const [stream = ''] = heads.keys()
  const seqs = onlyKafka.filter(({ key }) => key === stream).map(({ seq }) => seq)
  assert.ok(Math.max(...seqs) < (heads.get(stream) ?? 0), 'Kafka alone brings nothing while it is frozen')
  assert.ok((whenFrozen.get(stream) ?? 0) < (heads.get(stream) ?? 0))
  broker.thaw()
  await comesOverKafka()

  await broker.loseData()
  await onTime()
  await comesOverKafka()

  await stop()
  await atTheHead(followers, heads)
  assertComplete(followers, heads)
})

test('A node that starts while Kafka is away says so once, and takes entries from it later.', {
  skip,
  timeout: 120_000,
}, async (t) => {
  const broker = await ownKafka(t)
  await broker.kill()
  const lines: string[] = []
  const logger = createLogger('warn', { write: (line: string) => void lines.push(line) })
  const { url } = await testDatabase(t)
  const app = await appOn(t, url, broker.settings, logger)
  const said = lines.filter((line) => line.includes('Kafka cannot be reached'))
  assert.equal(said.length, 1)
  await append(app, 'lab:any', [1])
  await broker.start()
  await reachOverKafka(app, [app])
  assert.ok(lines.length <= 3, lines.join(''))
})
