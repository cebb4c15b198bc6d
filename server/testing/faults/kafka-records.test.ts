import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { readEnv } from '#server/env.ts'
import { openKafka } from '#server/kafka/connection.ts'
import { type ChildApp, childApp } from '#server/testing/child-app.ts'
import { eventually } from '#server/testing/eventually.ts'
import { assertComplete, atTheHead, followersOf, load, peopleAt } from '#server/testing/followers.ts'
import { kafkaMissing, ownKafka, sharedKafka } from '#server/testing/kafka.ts'
import { append, metric, nodesOn, reachOverKafka } from '#server/testing/kafka-nodes.ts'
import { entryRecords, type SeenRecord } from '#server/testing/kafka-records.ts'
import { seededRandom } from '#server/testing/seeded-random.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

const skip = kafkaMissing ?? false

test('Records repeated, shuffled, broken, oversized, foreign and of unknown streams reach no client, and hold nothing up.', {
  skip,
  timeout: 120_000,
}, async (t) => {
  const settings = await sharedKafka()
  const { writer, gateways } = await nodesOn(t, settings)
  const people = await peopleAt(writer, 3)
  const followers = followersOf(t, people, gateways)
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...settings }))
  const seen = await entryRecords(t, kafka)
  const streams = people.map(({ id }) => `user:${id}`)
  const { heads, stop } = load(t, writer, streams)
  const producer = kafka.producer()
  t.after(() => producer.close())
  const random = seededRandom(t)
  const topic = kafka.topic('entries')
  const epoch = writer.context.log.epoch()

  const [stream = ''] = streams
  const text = (seq: number, more = '') =>
    `{"stream":"${stream}","seq":${seq},"type":"note","at":"2026-11-30T12:00:00.000Z","data":"planted"${more}}`
  const broken = [
    text(1).slice(0, -3),
    text(1, ',"seq":2'),
    text(1).replace('planted"', 'planted"\n\n'),
    '',
    '[]',
  ]
  const message = (value: string, more: object = {}) => ({
    ...{ topic, key: stream, value, headers: { epoch } },
    ...more,
  })
  for (let round = 0; round < 30; round += 1) {
    const known = await eventually(() => seen.filter(({ key }) => streams.includes(key)).slice(-20))
    const repeated = known.map((record) => message(record.text, { key: record.key }))
    const planted = [
      ...broken.map((value) => message(value)),
      message(text(1), { headers: { epoch: 'foreign' } }),
      message(text(1), { headers: {} }),
      message(text(1), { key: 'user:nobody' }),
      message(text(1).replaceAll(stream, 'no stream at all'), { key: 'no stream at all' }),
      // From the future.
      message(text(1_000_000 + round)),
    ]
    await producer.send({ messages: [...repeated, ...planted].toSorted(() => random() - 0.5) })
    if (round % 10 === 0) await producer.send({ messages: [message(text(1, ` ${' '.repeat(900_000)}`))] })
  }
  await stop()
  await atTheHead(followers, heads)
  for (const gateway of gateways) {
    const skipped = (reason: string) =>
      metric(gateway, 'wireside_kafka_skipped_total', `{reason="${reason}"}`)
    await eventually(async () => (await skipped('broken')) >= 30 * 6)
    await eventually(async () => (await skipped('foreign')) >= 30)
    await eventually(async () => (await skipped('oversized')) >= 3)
    await eventually(async () => (await skipped('repeated')) >= 30)
  }
  assertComplete(followers, heads)
  assert.ok(!isStrict(seen, stream), 'Kafka alone brings entries twice')
})

test('Relays that are killed, also between producing and the acknowledgement, frozen, and two at once, lose nothing.', {
  skip,
  timeout: 230_000,
}, async (t) => {
  const broker = await ownKafka(t)
  const { url } = await testDatabase(t)
  const writer = { ...(await appOn(t, url, { ...broker.settings, ROLES: 'web,worker' })), databaseUrl: url }
  const gateway = await appOn(t, url, { ...broker.settings, ROLES: 'gateway' })
  const relay = () => childApp(t, url, { ...broker.settings, ROLES: 'relay' })
  const relays = await Promise.all([relay(), relay()])
  await reachOverKafka(writer, [gateway])
  const seen = await entryRecords(t, await openKafka(readEnv({ NODE_ENV: 'test', ...broker.settings })))
  const people = await peopleAt(writer, 3)
  const followers = followersOf(t, people, [gateway])
  const { heads, stop } = load(
    t,
    writer,
    people.map(({ id }) => `user:${id}`),
  )
  for (const killed of [...relays, ...relays]) {
    await killAndStart(killed)
    await reachOverKafka(writer, [gateway])
  }
  for (const frozen of relays) {
    frozen.signal('SIGSTOP')
    await reachOverKafka(writer, [gateway])
    // If it was the leader, it still has what it had begun, and another has taken over.
    frozen.signal('SIGCONT')
  }
  await stop()
  await atTheHead(followers, heads)

  // Each attempt starts two processes.
  await eventually(killBeforeTheAnswer, { withinMs: 90_000 })
  assertComplete(followers, heads)
  for (const [stream, head] of heads) {
    await eventually(() => new Set(seqsOf(seen, stream)).size === head)
    assert.ok(!isStrict(seen, stream), 'Kafka alone brings entries twice')
  }

  /** Whether Kafka accepted what the killed relay had sent, and again what the next one re-sent. */
  async function killBeforeTheAnswer() {
    broker.freeze()
    const [{ seq } = { seq: 0 }] = await append(writer, 'lab:unanswered', [1])
    await pause(500)
    await Promise.all(relays.map((each) => each.end('SIGKILL')))
    broker.thaw()
    await Promise.all(relays.map((each) => each.start()))
    await reachOverKafka(writer, [gateway])
    const times = seqsOf(seen, 'lab:unanswered').filter((each) => each === seq).length
    assert.ok(times > 0)
    return times === 2
  }
})

async function killAndStart(relay: ChildApp) {
  await relay.end('SIGKILL')
  await relay.start()
}

const seqsOf = (seen: readonly SeenRecord[], stream: string) =>
  seen.filter(({ key }) => key === stream).map(({ seq }) => seq)

/** Whether a stream's records by themselves are complete and free of duplicates. */
function isStrict(seen: readonly SeenRecord[], stream: string): boolean {
  const seqs = seqsOf(seen, stream)
  return seqs.every((seq, nth) => nth === 0 || seq === (seqs[nth - 1] ?? 0) + 1)
}
