import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { connectClient } from '#server/database/client.ts'
import { readEnv } from '#server/env.ts'
import type { PostgresLog } from '#server/log/postgres-log.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, sharedKafka } from '#server/testing/kafka.ts'
import { entryRecords } from '#server/testing/kafka-records.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'
import { type Kafka, openKafka } from './connection.ts'
import { maxValueBytes } from './record.ts'
import { type Relay, startRelay } from './relay.ts'
import { keptPosition } from './relay-position.ts'

const skip = kafkaMissing ?? false

test('Each entry becomes one record, with its own text, its stream as key and the epoch.', {
  skip,
}, async (t) => {
  const { log, seen, relay } = await start(t)
  await append(log, 'a', 1)
  await append(log, 'b "quoted"', { text: 'ü\u2028' })
  await append(log, 'a', 2)
  await eventually(() => seen.length === 3)
  const { entries } = await log.read('b "quoted"', 0, 1)
  assert.deepEqual(
    seen.map((record) => record.text).toSorted(),
    [
      ...(await log.read('a', 0, 2)).entries.map(({ json }) => `{"stream":"a",${json.slice(1)}`),
      ...entries.map(({ json }) => `{"stream":"b \\"quoted\\"",${json.slice(1)}`),
    ].toSorted(),
  )
  assert.deepEqual(
    seen.map(({ key }) => key),
    seen.map(({ text }) => JSON.parse(text).stream),
  )
  assert.ok(seen.every(({ epoch }) => epoch === log.epoch()))
  await eventually(() => relay.lagMs() === 0)
  assert.equal(relay.produced(), 3)
})

test('What a long transaction commits late is produced too, whatever was committed before it.', {
  skip,
}, async (t) => {
  const { log, seen, url } = await start(t)
  const slow = await connectClient(url)
  t.after(() => slow.end())
  await slow.query('BEGIN')
  await slow.query(`INSERT INTO log_head (stream, seq) VALUES ('slow', 1)`)
  await slow.query(`INSERT INTO log_entry (stream, seq, type, data) VALUES ('slow', 1, 'note', '0')`)
  await append(log, 'quick', 1)
  await eventually(() => seen.length === 1)
  await append(log, 'quick', 2)
  await eventually(() => seen.length === 2)
  await slow.query('COMMIT')
  await eventually(() => seen.length === 3)
  await append(log, 'quick', 3)
  await eventually(() => seen.length === 4)
  assert.deepEqual(
    seen.map(({ key, seq }) => `${key} ${seq}`),
    ['quick 1', 'quick 2', 'slow 1', 'quick 3'],
  )
})

test('Goes on from where it was kept, in batches, and leaves nothing out that came meanwhile.', {
  skip,
}, async (t) => {
  const { log, seen, relay, again } = await start(t)
  await append(log, 'a', 0)
  await eventually(() => seen.length === 1)
  await relay.close()
  const many = 1_203
  await Promise.all(
    Array.from({ length: 3 }, (_, n) =>
      append(log, `many ${n}`, ...Array.from({ length: many / 3 }, (_, i) => i)),
    ),
  )
  again()
  await eventually(() => seen.length >= 1 + many)
  for (const stream of ['many 0', 'many 1', 'many 2']) {
    assert.deepEqual(
      seen.filter(({ key }) => key === stream).map(({ seq }) => seq),
      Array.from({ length: many / 3 }, (_, n) => n + 1),
    )
  }
})

test('Of what came by the thousands meanwhile nothing is produced: it goes on from now.', {
  skip,
}, async (t) => {
  const { log, seen, relay, again, database } = await start(t)
  await relay.close()
  const before = await keptPosition(database.checks)
  await database.checks.query(`
    INSERT INTO log_entry (stream, seq, type, data) SELECT 'many', n, 'note', '0' FROM generate_series(1, 10001) n`)
  again()
  await eventually(async () => (await keptPosition(database.checks))?.snapshot !== before?.snapshot)
  await append(log, 'a', 1)
  await eventually(() => seen.some(({ key }) => key === 'a'))
  assert.deepEqual(
    seen.map(({ key, seq }) => `${key} ${seq}`),
    ['a 1'],
  )
})

test('Two at once repeat each other and lose nothing.', { skip }, async (t) => {
  const { log, seen, relay, again } = await start(t)
  const other = again()
  let appended = 0
  while (relay.produced() === 0 || other.produced() === 0 || appended < 20) {
    await append(log, 'a', appended)
    appended += 1
  }
  await eventually(() => new Set(seen.map(({ seq }) => seq)).size === appended)
  await eventually(() => seen.length === relay.produced() + other.produced())
  assert.ok(seen.length > appended)
})

test('An entry that is too large for Kafka is left to who reads the log, and holds nothing up.', {
  skip,
}, async (t) => {
  const { log, seen, relay } = await start(t)
  await append(log, 'a', 'x'.repeat(maxValueBytes), 'fits')
  await eventually(() => seen.length === 1)
  assert.equal(seen[0]?.seq, 2)
  assert.equal(relay.oversized(), 1)
})

test('A topic that takes less than Kafka usually does gets all that fits, in smaller batches.', {
  skip,
}, async (t) => {
  const { log, seen, relay } = await start(t, async (kafka) => {
    const admin = kafka.admin()
    const configs = { 'max.message.bytes': 50_000, 'retention.ms': 600_000, 'segment.ms': 300_000 }
    await admin.createTopics({
      ...{ topics: [kafka.topic('entries')], partitions: 12 },
      configs: Object.entries(configs).map(([name, value]) => ({ name, value: String(value) })),
    })
    await admin.close()
  })
  const sizes = [20_000, 20_000, 20_000, 60_000, 20_000, 20_000]
  await append(log, 'a', ...sizes.map((size) => 'x'.repeat(size)))
  await eventually(() => new Set(seen.map(({ seq }) => seq)).size === 5)
  assert.deepEqual(
    seen.map(({ seq }) => seq),
    [1, 2, 3, 5, 6],
  )
  await eventually(() => relay.oversized() === 1 && relay.lagMs() === 0)
})

test('In another life of the log the old position means nothing.', { skip }, async (t) => {
  const { log, seen, relay, again, database } = await start(t)
  await append(log, 'a', 1)
  await eventually(() => seen.length === 1)
  await relay.close()
  await append(log, 'a', 2)
  await database.checks.query(`UPDATE log_epoch SET epoch = 'another'`)
  await log.check()
  const next = again()
  await eventually(async () => (await keptPosition(database.checks))?.epoch === 'another')
  await append(log, 'a', 3)
  next.wake()
  await eventually(() => seen.length === 2)
  assert.deepEqual(
    seen.map(({ seq, epoch }) => [seq, epoch]),
    [
      [1, seen[0]?.epoch],
      [3, 'another'],
    ],
  )
})

/** A log with a relay that is woken by it, and the records as they arrive. */
async function start(t: TestContext, prepare?: (kafka: Kafka) => Promise<void>) {
  const { url } = await testDatabase(t)
  const { log, database } = await logOn(t, url)
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...(await sharedKafka()) }))
  await prepare?.(kafka)
  const seen = await entryRecords(t, kafka)
  const again = (): Relay => {
    const relay = startRelay({
      ...{ kafka, pool: database.checks, logger: createLogger('silent'), checkMs: 100 },
      isLeading: () => true,
    })
    log.onMove(relay.wake)
    t.after(relay.close)
    return relay
  }
  const relay = again()
  // Entries from before the relay's first pass are not copied.
  await eventually(() => keptPosition(database.checks))
  return { log, database, url, relay, again, seen }
}

function append(log: PostgresLog, stream: string, ...data: unknown[]) {
  return log.transact((tx) =>
    log.append(
      tx,
      data.map((each) => ({ stream, type: 'note', data: each })),
    ),
  )
}
