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

/** The engines that carry notifications and entries between the nodes. */
const engines = [
  { name: 'Postgres alone', redis: false, kafka: false },
  { name: 'Redis', redis: true, kafka: false },
  { name: 'Kafka', redis: false, kafka: true },
  { name: 'Redis and Kafka', redis: true, kafka: true },
]
const all = 120
const text = '\u2028 👩‍🚀 \0'

for (const { name, redis, kafka } of engines) {
  const skip = (redis && noRedis) || (kafka && kafkaMissing) || false

  test(`L2 L3 C4 Over ${name}, what one node appends comes on all deliveries of two others, which resume on either, and on one after a kill -9.`, {
    skip,
  }, async (t) => {
    const { url } = await testDatabase(t)
    const settings: Record<string, string> = {
      MAX_LONG_POLLS_PER_USER: '40',
      ...(redis && { REDIS_URL: (await testRedis(t)).url }),
      ...(kafka && (await sharedKafka())),
    }
    // The writer is not the relay, so its commits reach the relay by notification.
    const writer = {
      ...(await appOn(t, url, { ...settings, ROLES: 'web,worker,prices' })),
      databaseUrl: url,
    }
    const killed = await childApp(t, url, { ...settings, ROLES: 'gateway' })
    const kept = await appOn(t, url, { ...settings, ROLES: 'gateway,relay' })
    const gateways = [killed, kept]
    await joined([killed.port, kept.port], {
      ...(redis && { redis: 'connected' }),
      ...(kafka && { kafka: 'connected' }),
    })
    if (kafka) await reachOverKafka(writer, gateways)
    const person = await signedInPerson(writer)
    const stream = `user:${person.id}`
    const at = (port: number) => ({ ...person, ...person.via(port) }) satisfies Person
    const expected = async (from: number, to: number) => {
      const { entries } = await writer.context.log.read(stream, from, to - from)
      return entries.map(({ json }) => JSON.parse(json))
    }

    await append(writer, stream, ['first'])
    const readers = gateways.flatMap(({ port }) =>
      deliveries.map(({ name: delivery, listen }) => ({
        name: `${delivery} at ${port}`,
        listen,
        heard: [] as ClientEvent[],
        events: listen(at(port), stream),
      })),
    )
    t.after(() => Promise.all(readers.map(({ events }) => events.return(undefined))))
    const takeUpTo = (count: number) =>
      Promise.all(readers.map(({ events, heard }) => take(events, heard, count)))
    await takeUpTo(1)
    const before = await Promise.all(gateways.map(countsOf))
    const coming = takeUpTo(all / 2)
    for (let n = 2; n <= all / 2; n += 1) await append(writer, stream, [{ n, text, 2: '"\\' }])
    await coming
    for (const [nth, gateway] of gateways.entries()) {
      const after = await countsOf(gateway)
      const taken = after.taken - (before[nth]?.taken ?? 0)
      const reads = after.reads - (before[nth]?.reads ?? 0)
      // How many depends on speed: an entry whose record does not arrive within 200 ms is read.
      if (kafka) assert.ok(taken > 0, `None taken of ${all / 2}, with ${reads} reads`)
      else assert.ok(reads > 0, 'Without Kafka they are read from Postgres')
    }

    for (const { listen } of deliveries) {
      const resumed: ClientEvent[] = []
      for (const [nth, gateway] of gateways.entries()) {
        const after = cursorOf(resumed) ?? `${writer.context.log.epoch()}.20`
        const events = listen(at(gateway.port), stream, after)
        await take(events, resumed, (1 + nth) * 10)
        await events.return(undefined)
      }
      assert.deepEqual(resumed.map(entryOf), await expected(20, 40))
    }

    await killed.end('SIGKILL')
    await append(writer, stream, ['while nobody was there'])
    for (const reader of readers.slice(0, deliveries.length)) {
      await reader.events.return(undefined)
      reader.events = reader.listen(at(kept.port), stream, cursorOf(reader.heard))
    }
    const going = takeUpTo(all)
    for (let n = all / 2 + 2; n <= all; n += 1) await append(writer, stream, [{ n }])
    await going

    const everything = await expected(0, all + 1)
    assert.equal(everything.length, all)
    for (const { name: reader, heard } of readers) assert.deepEqual(heard.map(entryOf), everything, reader)
    if (!kafka) return
    assert.ok((await metric(kept, 'wireside_kafka_produced_total')) >= all)
    await eventually(async () => (await metric(kept, 'wireside_relay_lag_seconds')) === 0)
  })
}

async function countsOf(gateway: { port: number }) {
  return {
    taken: await metric(gateway, 'wireside_kafka_taken_total'),
    reads: await metric(gateway, 'wireside_log_reads_total'),
  }
}

const entryOf = (event: ClientEvent) => (event.type === 'entry' ? event.entry : event)

/** Waits until these nodes are ready and report the expected engines. */
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
