import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { childApp } from '#server/testing/child-app.ts'
import { type ClientEvent, deliveries } from '#server/testing/deliveries.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, sharedKafka } from '#server/testing/kafka.ts'
import { append, metric, reachOverKafka } from '#server/testing/kafka-nodes.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'

/** What carries news and entries between the nodes. */
const engines = [
  { name: 'Postgres alone', redis: false, kafka: false },
  { name: 'Redis', redis: true, kafka: false },
  { name: 'Kafka', redis: false, kafka: true },
  { name: 'Redis and Kafka', redis: true, kafka: true },
]
const all = 60
const before = 20

for (const { name, redis, kafka } of engines) {
  const skip = (redis && noRedis) || (kafka && kafkaMissing) || false

  test(`L2 C4 Over ${name}, what one node appends comes on all deliveries of another, and goes on at a third after a kill -9.`, {
    skip,
  }, async (t) => {
    const { url } = await testDatabase(t)
    const settings: Record<string, string> = {
      ...(redis && { REDIS_URL: (await testRedis(t)).url }),
      ...(kafka && (await sharedKafka())),
    }
    const writer = { ...(await appOn(t, url, settings)), databaseUrl: url }
    const killed = await childApp(t, url, { ...settings, ROLES: 'gateway' })
    const kept = await appOn(t, url, { ...settings, ROLES: 'gateway', MAX_LONG_POLLS_PER_USER: '20' })
    await joined([killed.port, kept.port], {
      ...(redis && { redis: 'connected' }),
      ...(kafka && { kafka: 'connected' }),
    })
    if (kafka) await reachOverKafka(writer, [kept])
    const person = await signedInPerson(writer)
    const stream = `user:${person.id}`
    const at = (port: number) => ({ ...person, ...person.via(port) }) satisfies Person

    const readers = deliveries.map(({ name: delivery, listen }) => ({
      delivery,
      listen,
      heard: [] as ClientEvent[],
      events: listen(at(killed.port), stream),
    }))
    const coming = Promise.all(readers.map(({ events, heard }) => take(events, heard, before)))
    for (let n = 1; n <= before; n += 1) await append(writer, stream, [{ n, text: '\u2028 👩‍🚀 \0' }])
    await coming

    await killed.end('SIGKILL')
    await append(writer, stream, ['while nobody was there'])
    for (const reader of readers) {
      await reader.events.return(undefined)
      reader.events = reader.listen(at(kept.port), stream, cursorOf(reader.heard))
    }
    t.after(() => Promise.all(readers.map(({ events }) => events.return(undefined))))
    const going = Promise.all(readers.map(({ events, heard }) => take(events, heard, all)))
    for (let n = before + 2; n <= all; n += 1) await append(writer, stream, [{ n }])
    await going

    const { entries } = await writer.context.log.read(stream, 0, all + 1)
    const expected = entries.map(({ json }) => JSON.parse(json))
    assert.equal(expected.length, all)
    for (const { delivery, heard } of readers) {
      const got = heard.map((event) => (event.type === 'entry' ? event.entry : event))
      assert.deepEqual(got, expected, delivery)
    }
    if (kafka) assert.ok((await metric(kept, 'wireside_kafka_taken_total')) > 0)
  })
}

/** Waits until these nodes are ready, and have the engines. */
function joined(ports: readonly number[], expected: Record<string, string>): Promise<unknown> {
  const hasJoined = async (port: number) => {
    const { engines } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as {
      engines?: object
    }
    return isDeepStrictEqual(engines, expected)
  }
  return eventually(async () => (await Promise.all(ports.map(hasJoined))).every(Boolean))
}

async function take(events: AsyncGenerator<ClientEvent, undefined>, heard: ClientEvent[], count: number) {
  while (heard.length < count) {
    const { value } = await events.next()
    if (!value) return
    heard.push(value)
  }
}

function cursorOf(heard: readonly ClientEvent[]): string | undefined {
  const last = heard.at(-1)
  return last?.type === 'entry' ? last.cursor : undefined
}
