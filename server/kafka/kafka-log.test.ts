import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { compressionsAlgorithms, consumerOffsetsChannel } from '@platformatic/kafka'
import { readEnv } from '#server/env.ts'
import { openKafka } from '#server/kafka/connection.ts'
import { createFeeds, type Feeds, type StartPosition } from '#server/log/feeds.ts'
import type { Cursor, ReadableLog } from '#server/log/log.ts'
import { eventually } from '#server/testing/eventually.ts'
import { followed } from '#server/testing/followed.ts'
import { kafkaMissing, ownKafka, sharedKafka } from '#server/testing/kafka.ts'
import { kafkaLogOn } from '#server/testing/kafka-log.ts'

const skip = kafkaMissing ?? false
const note = (data: unknown, stream = 'a') => ({ stream, type: 'note', data })
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index + 1)

function feedsOn(t: TestContext, log: ReadableLog): Feeds {
  const feeds = createFeeds(log)
  t.after(feeds.close)
  return feeds
}

/** What a reader receives from a position until it reaches the head: seqs, and `reset`. */
async function readUp(feeds: Feeds, from: StartPosition): Promise<(number | string)[]> {
  const found: (number | string)[] = []
  let position = from
  for (;;) {
    const batch = await feeds.read('a', position)
    if (batch.type === 'reset') found.push(`reset ${batch.reason} ${batch.head.seq}`)
    else found.push(...batch.entries.map(({ seq }) => seq))
    position = batch.type === 'reset' ? batch.head : batch.next
    if (batch.type === 'reset' || !batch.more) return found
  }
}

test('Each process reads the same entries at the same cursors, new ones and those that it never saw come', {
  skip,
}, async (t) => {
  const { log, produce, again } = await kafkaLogOn(t, await sharedKafka(), ['a', 'b'])
  for (let batch = 0; batch < 15; batch += 1) await produce(...upTo(100).map((n) => note(100 * batch + n)))
  await produce(note('another', 'b'))
  const late = await again()
  assert.equal(late.epoch(), log.epoch())
  assert.match(log.epoch(), /^[0-9a-z]{12}$/)
  for (const each of [log, late]) {
    const feeds = feedsOn(t, each)
    assert.deepEqual(await readUp(feeds, 'start'), upTo(1_500))
    assert.deepEqual(await readUp(feeds, { epoch: log.epoch(), seq: 1_200 }), upTo(1_500).slice(1_200))
    const { entries } = await each.read('a', 700, 1)
    assert.equal(JSON.parse(entries[0]?.json ?? '').data, 701)
  }
})

test('C4 A cursor that another process has given out is looked up in Kafka before it is beyond the head', {
  skip,
}, async (t) => {
  const { log, produceRaw, again } = await kafkaLogOn(t, await sharedKafka(), ['a'])
  const feeds = feedsOn(t, await again())
  await feeds.open('a')
  for (let seq = 1; seq <= 20; seq += 1) {
    await produceRaw({ partition: 0, key: 'a', value: noteValue(seq) })
    const batch = await feeds.read('a', { epoch: log.epoch(), seq })
    assert.deepEqual(batch.type === 'entries' && [batch.next.seq, batch.entries.length], [seq, 0])
  }
  const beyond = await feeds.read('a', { epoch: log.epoch(), seq: 21 })
  assert.equal(beyond.type === 'reset' && beyond.reason, 'beyond-head')
})

test('Many who ask at once where a stream stands cost a few requests, and a closed log asks nobody', {
  skip,
}, async (t) => {
  const { log, produce } = await kafkaLogOn(t, await sharedKafka(), ['a'])
  await produce(note(1))
  let requests = 0
  const count = () => {
    requests += 1
  }
  consumerOffsetsChannel.start.subscribe(count)
  t.after(() => consumerOffsetsChannel.start.unsubscribe(count))
  const ask = () => log.read('a', Number.MAX_SAFE_INTEGER, 0)
  const heads = await Promise.all(Array.from({ length: 200 }, ask))
  assert.deepEqual(new Set(heads.map(({ head }) => head)), new Set([1]))
  // Besides those of the log's own following.
  assert.ok(requests >= 2 && requests < 50, `${requests} requests`)
  await log.close()
  const before = requests
  for (let time = 0; time < 3; time += 1) await assert.rejects(ask, { name: 'LogUnavailable' })
  assert.equal(requests, before)
})

const noteValue = (data: unknown) => JSON.stringify({ type: 'note', at: '2026-11-30T10:00:00.000Z', data })

for (const [what, record, reason] of [
  ['has a foreign key', { key: 'b', value: noteValue(0) }, 'foreign'],
  ['is no JSON', { key: 'a', value: '{"type":"note"' }, 'broken'],
  [
    'has its own seq',
    { key: 'a', value: '{"seq":9,"type":"note","at":"2026-11-30T10:00:00.000Z","data":1}' },
    'broken',
  ],
  [
    'has a seq at the end',
    { key: 'a', value: '{"type":"note","at":"2026-11-30T10:00:00.000Z","data":1,"seq":9}' },
    'broken',
  ],
  [
    'would end a frame',
    { key: 'a', value: '{"type":"note","at":"2026-11-30T10:00:00.000Z","data":\n\n1}' },
    'broken',
  ],
] as const) {
  test(`C3 A record that ${what} is counted and passed over, and a reset to whoever has not seen what is before it`, {
    skip,
  }, async (t) => {
    const { log, produce, produceRaw, again } = await kafkaLogOn(t, await sharedKafka(), ['a'])
    const live = feedsOn(t, log)
    const following = followed(live, 'a', await live.open('a'), t.signal)
    const first = following.next()
    await produce(note(1), note(2))
    await first
    await produceRaw({ partition: 0, ...record })
    await produce(note(4), note(5))
    assert.equal(log.skipped()[reason], 1)
    const next = await following.next()
    assert.equal(next.value?.type === 'reset' && next.value.reason, 'trimmed')
    for (const feeds of [live, feedsOn(t, await again())]) {
      assert.match(String(await readUp(feeds, { epoch: log.epoch(), seq: 1 })), /^(2,)?reset trimmed 5$/)
      assert.deepEqual(await readUp(feeds, { epoch: log.epoch(), seq: 3 }), [4, 5])
    }
  })
}

test('C3 A record that cannot be read as entry is a reset also where it was produced long ago', {
  skip,
}, async (t) => {
  const { produce, produceRaw, again, log } = await kafkaLogOn(t, await sharedKafka(), ['a'])
  await produce(...upTo(5).map((n) => note(n)))
  await produceRaw({ partition: 0, key: 'a', value: 'nonsense' })
  for (let batch = 0; batch < 7; batch += 1) await produce(...upTo(100).map((n) => note(n)))
  const late = feedsOn(t, await again())
  const position = (seq: number): Cursor => ({ epoch: log.epoch(), seq })
  assert.deepEqual(await readUp(late, position(3)), [4, 5, 'reset trimmed 706'])
  assert.deepEqual(await readUp(late, position(6)), upTo(706).slice(6))
})

test('C3 A batch that no client can read is passed over in its partition, and nothing in another', {
  skip,
}, async (t) => {
  const settings = await sharedKafka()
  const { log, topic, produce, again } = await kafkaLogOn(t, settings, ['a', 'b'])
  const { gzip } = compressionsAlgorithms
  const producer = (await openKafka(readEnv({ NODE_ENV: 'test', ...settings }))).producer()
  t.after(() => producer.close())
  const unreadable = t.mock.method(gzip, 'compress', async (data: Parameters<typeof gzip.compressSync>[0]) =>
    // Looks like another gzip member but is not one: Java stops there, zlib throws.
    Buffer.concat([gzip.compressSync(data), Buffer.from([0x1f, 0x8b, 0, 0])]),
  )
  const position = (seq: number): Cursor => ({ epoch: log.epoch(), seq })
  const feeds = feedsOn(t, log)
  const following = followed(feeds, 'b', await feeds.open('b'), t.signal)
  const next = following.next()
  await producer.send({
    messages: [{ topic, partition: 1, key: 'b', value: noteValue(1) }],
    compression: 'gzip',
  })
  const { value } = await next
  assert.equal(value?.type === 'reset' && value.reason, 'trimmed')
  assert.equal(unreadable.mock.callCount(), 1)

  await produce(...upTo(5).map((n) => note(n)))
  const late = await again()
  await eventually(() => late.skipped().broken === 1 && late.isFresh())
  await produce(note(6), note(2, 'b'))
  assert.deepEqual(await readUp(feedsOn(t, late), position(0)), upTo(6))
  assert.deepEqual(await readUp(feedsOn(t, log), position(0)), upTo(6))
  const { entries, floor } = await late.read('b', 1, 10)
  assert.deepEqual([entries.length, floor], [1, 1])
})

test('C3 In another cluster, or another topic of the name, every cursor is a reset, also where somebody follows', {
  skip,
}, async (t) => {
  const kafka = await ownKafka(t)
  const before = await kafkaLogOn(t, kafka.settings, ['a'])
  const feeds = feedsOn(t, before.log)
  await before.produce(note(1), note(2))
  const old = before.log.epoch()
  const following = followed(patiently(feeds), 'a', { epoch: old, seq: 2 }, t.signal)
  const next = following.next()
  await kafka.loseData()
  const after = await kafkaLogOn(t, kafka.settings, ['a'])
  await after.produce(note('other 1'), note('other 2'), note('other 3'))
  const { value } = await next
  assert.equal(value?.type === 'reset' && value.reason, 'epoch')
  assert.notEqual(after.log.epoch(), old)
  await eventually(() => before.log.epoch() === after.log.epoch())
  const stale = await eventually(() => feeds.read('a', { epoch: old, seq: 1 }).catch(() => false as const))
  assert.equal(stale.type === 'reset' && stale.reason, 'epoch')
})

for (const [what, harm, heal] of [
  ['killed and started again', 'kill', 'start'],
  ['frozen for longer than any patience', 'freeze', 'thaw'],
] as const) {
  test(`P3 While Kafka is ${what} nothing is answered from a guess, and afterwards nothing is lost or there twice`, {
    skip,
  }, async (t) => {
    const kafka = await ownKafka(t)
    const { log, produce } = await kafkaLogOn(t, kafka.settings, ['a'])
    const feeds = feedsOn(t, log)
    await produce(...upTo(3).map((n) => note(n)))
    const epoch = log.epoch()
    const seqs: number[] = []
    const following = (async () => {
      for await (const batch of followed(patiently(feeds), 'a', { epoch, seq: 0 }, t.signal)) {
        assert.equal(batch.type, 'entries')
        if (batch.type === 'entries') seqs.push(...batch.entries.map(({ seq }) => seq))
        if (seqs.at(-1) === 6) return
      }
    })()
    await eventually(() => seqs.length === 3)
    await kafka[harm]()
    await eventually(() => !log.isFresh())
    await assert.rejects(feeds.read('a', 'now'), { name: 'LogUnavailable' })
    await kafka[heal]()
    await eventually(() =>
      produce(...upTo(3).map((n) => note(n))).then(
        () => true,
        () => false,
      ),
    )
    await following
    assert.deepEqual(seqs, upTo(6))
    assert.equal(log.epoch(), epoch)
  })
}

/** Retries reads until they succeed, as a client does. */
function patiently(feeds: Feeds): Pick<Feeds, 'read' | 'moved'> {
  return {
    read: (stream, after) => eventually(() => feeds.read(stream, after).catch(() => false as const)),
    moved: (stream, position, signal) => feeds.moved(stream, position, signal).catch(() => !signal.aborted),
  }
}
