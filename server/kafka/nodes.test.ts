import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from '#server/logger.ts'
import { certificate } from '#server/testing/certificate.ts'
import { type ClientEvent, deliveries } from '#server/testing/deliveries.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, ownKafka, sharedKafka } from '#server/testing/kafka.ts'
import { append, metric, nodesOn, reachOverKafka } from '#server/testing/kafka-nodes.ts'
import { signedInPerson } from '#server/testing/person.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { keptPosition } from './relay-position.ts'

const both = 'Redis and Kafka'
for (const engines of ['no engine', 'Redis', 'Kafka', both]) {
  const hasRedis = engines === 'Redis' || engines === both
  const hasKafka = engines === 'Kafka' || engines === both
  const skip = (hasRedis && noRedis) || (hasKafka && kafkaMissing) || false

  test(`L3 With ${engines}, all deliveries bring on two gateways what another node appends, and resume on either.`, {
    skip,
  }, async (t) => {
    const { writer, gateways } = await nodesOn(t, {
      MAX_LONG_POLLS_PER_USER: '20',
      ...(hasRedis && { REDIS_URL: (await testRedis(t)).url }),
      ...(hasKafka && (await sharedKafka())),
    })
    const person = await signedInPerson(writer)
    const stream = `user:${person.id}`
    const count = 120
    await append(writer, stream, ['first'])

    const heard = gateways.flatMap((gateway) =>
      deliveries.map(({ name, listen }) => ({
        name: `${name} on ${gateway.port}`,
        events: listen({ ...person, ...person.via(gateway.port) }, stream),
        entries: [] as ClientEvent[],
      })),
    )
    t.after(() => Promise.all(heard.map((each) => each.events.return(undefined))))
    await Promise.all(heard.map((each) => take(each.events, each.entries, 1)))
    const before = await Promise.all(gateways.map(countsOf))
    const coming = Promise.all(heard.map((each) => take(each.events, each.entries, 1 + count)))
    for (let n = 1; n <= count; n += 1)
      await append(writer, stream, [{ n, text: '\u2028 👩‍🚀 \0', 2: '"\\' }])
    await coming

    const { entries } = await writer.context.log.read(stream, 0, 1 + count)
    const expected = entries.map(({ json }) => JSON.parse(json))
    for (const { name, entries } of heard) {
      assert.deepEqual(
        entries.map((each) => each.type === 'entry' && each.entry),
        expected,
        name,
      )
    }
    const cursor = `${writer.context.log.epoch()}.${count / 2}`
    for (const { listen } of deliveries) {
      const resumed: ClientEvent[] = []
      for (const [nth, gateway] of gateways.entries()) {
        const last = resumed.at(-1)
        const after = last?.type === 'entry' ? last.cursor : cursor
        const events = listen({ ...person, ...person.via(gateway.port) }, stream, after)
        await take(events, resumed, (1 + nth) * 10)
        await events.return(undefined)
      }
      assert.deepEqual(
        resumed.map((each) => each.type === 'entry' && each.entry),
        expected.slice(count / 2, count / 2 + 20),
      )
    }
    for (const [nth, gateway] of gateways.entries()) {
      const after = await countsOf(gateway)
      const taken = after.taken - (before[nth]?.taken ?? 0)
      const reads = after.reads - (before[nth]?.reads ?? 0)
      // How many is a matter of speed: what a record does not reach within 200 ms is read.
      if (hasKafka) assert.ok(taken > 0, `None taken of ${count}, with ${reads} reads`)
      else assert.ok(reads > 0, 'Without Kafka they are read from Postgres')
    }
    if (!hasKafka) return
    const [relay] = gateways
    assert.ok((await metric(relay, 'wireside_kafka_produced_total')) >= count)
    await eventually(async () => (await metric(relay, 'wireside_relay_lag_seconds')) === 0)
  })
}

test('A process that does nothing but relay is told of what other nodes commit: it waits for no check of the log.', {
  skip: kafkaMissing ?? false,
}, async (t) => {
  const settings = { ...(await sharedKafka()), LOG_CHECK_MS: '600000' }
  const { url } = await testDatabase(t)
  const writer = await appOn(t, url, { ...settings, ROLES: 'web' })
  const relay = await appOn(t, url, { ...settings, ROLES: 'relay' })
  // What the first pass finds, it found without being told.
  await eventually(() => keptPosition(relay.context.database.checks))
  await eventually(
    async () => {
      await append(writer, 'lab:any', [0])
      return (await metric(relay, 'wireside_kafka_produced_total')) > 0
    },
    { withinMs: 20_000 },
  )
})

test('A node that signs in to Kafka over TLS takes entries from it, and says its password nowhere.', {
  skip: kafkaMissing ?? false,
  timeout: 120_000,
}, async (t) => {
  const { certFile, pemFile } = await certificate(t)
  const user = { name: 'wireside', password: 'a-password-that-nobody-may-read' }
  const { settings } = await ownKafka(t, { user, pemFile })
  const credentials = {
    KAFKA_SASL: 'SCRAM-SHA-256',
    KAFKA_USERNAME: user.name,
    KAFKA_PASSWORD: user.password,
  }
  const lines: string[] = []
  const logger = createLogger('trace', { write: (line: string) => void lines.push(line) })
  const { url } = await testDatabase(t)
  const tls = { KAFKA_TLS: 'on', KAFKA_CA_FILE: certFile }
  const app = await appOn(t, url, { ...settings, ...credentials, ...tls }, logger)
  await reachOverKafka(app, [app])
  const metrics = await app.context.metrics.registry.metrics()
  assert.ok(!`${lines.join('')}${metrics}`.includes(user.password))
})

async function take(events: AsyncGenerator<ClientEvent, undefined>, taken: ClientEvent[], count: number) {
  while (taken.length < count) {
    const { value } = await events.next()
    if (!value) return
    taken.push(value)
  }
}

async function countsOf(gateway: Parameters<typeof metric>[0]) {
  const reads = Object.values(gateway.context.log.reads()).reduce((sum, count) => sum + count, 0)
  return { taken: await metric(gateway, 'wireside_kafka_taken_total'), reads }
}
