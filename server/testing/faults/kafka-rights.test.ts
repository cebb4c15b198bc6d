import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { App } from '#server/app.ts'
import { readEnv } from '#server/env.ts'
import { openKafka } from '#server/kafka/connection.ts'
import { createEntriesProducer } from '#server/kafka/entries-producer.ts'
import { receiveEntries } from '#server/kafka/receive-entries.ts'
import { openEventStream } from '#server/lab/clients/event-stream.ts'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { createFeeds } from '#server/log/feeds.ts'
import type { ReadableLog } from '#server/log/log.ts'
import { createLogger } from '#server/logger.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, sharedKafka } from '#server/testing/kafka.ts'
import { append, metric, reachOverKafka } from '#server/testing/kafka-nodes.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { logOn } from '#server/testing/test-log.ts'

const skip = kafkaMissing ?? false
/** Within this time every node either knows who has signed out, or trusts no session. */
const knownWithinMs = 2_000

test('L9 A gateway that is cut off from Postgres, but not from Kafka, shows nothing to who has signed out.', {
  skip,
}, async (t) => {
  const { url } = await testDatabase(t)
  const settings = await sharedKafka()
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const overLine = Object.assign(new URL(url), { port: String(line.port) }).href
  const writer = { ...(await appOn(t, url, settings)), databaseUrl: url }
  const gateway = await appOn(t, overLine, { ...settings, ROLES: 'gateway' })
  // Trusts its sessions for an hour.
  const control = await appOn(t, overLine, { ...settings, ROLES: 'gateway', SESSION_CHECK_MS: '3600000' })
  await reachOverKafka(writer, [gateway, control])
  const person = await signedInPerson(writer)
  const stream = `user:${person.id}`
  const [atGateway, atControl] = [follow(t, person, gateway), follow(t, person, control)]
  await append(writer, stream, ['before'])
  await eventually(() => atGateway.includes('"before"') && atControl.includes('"before"'))

  line.freeze()
  assert.equal((await person.send('POST', '/api/auth/sign-out', {})).status, 200)
  await pause(knownWithinMs + 500)
  const received = await metric(gateway, 'wireside_kafka_received_total')
  await append(writer, stream, ['secret'])
  await eventually(() => atControl.includes('"secret"'))
  await eventually(async () => (await metric(gateway, 'wireside_kafka_received_total')) > received)
  assert.deepEqual(atGateway, ['"before"'])

  line.thaw()
  await eventually(() => atGateway.includes('unauthenticated'))
  assert.deepEqual(atGateway, ['"before"', 'unauthenticated'])
})

test('L9 A word that was taken back is not brought again by a record that comes late, or twice.', {
  skip,
}, async (t) => {
  const { url } = await testDatabase(t)
  const writer = await logOn(t, url)
  const reader = await logOn(t, url)
  const kafka = await openKafka(readEnv({ NODE_ENV: 'test', ...(await sharedKafka()) }))
  const producer = createEntriesProducer(kafka, () => true)
  t.after(producer.close)
  const ours = await receiving(reader.log)
  const control = await receiving({ ...reader.log, onRewrite: () => undefined })
  const stream = 'room:r'
  const say = (text: string) =>
    writer.log.transact((tx) => writer.log.append(tx, [{ stream, type: 'message.sent', data: { text } }]))
  const recordOf = async (seq: number) => {
    const { entries } = await writer.log.read(stream, seq - 1, 1)
    return entries.map((entry) => ({ stream, ...entry }))
  }
  const send = async (records: Awaited<ReturnType<typeof recordOf>>) =>
    producer.send(records, writer.log.epoch())

  await say('first')
  const head = await ours.feeds.open(stream)
  await control.feeds.open(stream)
  const rewritten = new Promise<number>((resolve) => reader.log.onRewrite((_stream, seq) => resolve(seq)))
  await say('secret')
  const late = await recordOf(2)
  await writer.log.transact((tx) => writer.log.rewrite(tx, stream, 2, { deleted: true }))
  assert.equal(await rewritten, 2)
  await send(late)
  const textAt = async ({ feeds }: typeof ours) => JSON.stringify(await feeds.read(stream, head))
  await eventually(async () => (await textAt(control)).includes('secret'))
  await eventually(async () => (await textAt(ours)).includes('deleted'))
  assert.ok(!(await textAt(ours)).includes('secret'))

  await say('after it')
  await send([...late, ...(await recordOf(3))])
  await eventually(async () => (await textAt(ours)).includes('after it'))
  assert.ok(!(await textAt(ours)).includes('secret'))
  assert.equal(ours.entries.skipped().repeated, 1)
  assert.equal(ours.entries.taken(), 1)

  /** Feeds that receive entries over Kafka, and wait for them as long as the test may take. */
  async function receiving(log: ReadableLog) {
    const feeds = createFeeds(log, { isSure: () => true, receivesWithinMs: 600_000 })
    const entries = receiveEntries(kafka, { feeds, epoch: log.epoch, logger: createLogger('silent') })
    t.after(async () => {
      await entries.close()
      feeds.close()
    })
    await eventually(entries.isConnected)
    return { feeds, entries }
  }
})

/** What an event stream shows, in order: data, or why it ended. */
function follow(t: TestContext, { id, cookie }: Person, { port }: App): string[] {
  const shown: string[] = []
  const client = openEventStream({ port, cookie, stream: `user:${id}` }, (event) => {
    if (event.type === 'entry') shown.push(JSON.stringify(event.entry.data))
    else shown.push(event.type === 'refused' ? event.slug : event.type)
  })
  t.after(client.close)
  return shown
}
