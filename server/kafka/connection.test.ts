import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { type TestContext, test } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { readEnv } from '#server/env.ts'
import { certificate } from '#server/testing/certificate.ts'
import { kafkaMissing, ownKafka, sharedKafka } from '#server/testing/kafka.ts'
import { openKafka } from './connection.ts'
import { ensureTopic } from './ensure-topic.ts'
import { KafkaUnusable } from './kafka-unusable.ts'

const skip = kafkaMissing ?? false
const user = { name: 'wireside', password: 'a password that nobody may read' }

test('A broker that asks for nothing is usable.', { skip }, async () => {
  await (await kafka(await sharedKafka())).assertUsable()
})

test('A broker that asks for user and password takes them, and refuses others with one line.', {
  skip,
}, async (t) => {
  const { settings } = await ownKafka(t, { user })
  const right = { ...settings, KAFKA_USERNAME: user.name, KAFKA_PASSWORD: user.password }
  for (const KAFKA_SASL of ['PLAIN', 'SCRAM-SHA-256']) {
    await (await kafka({ ...right, KAFKA_SASL })).assertUsable()
    const KAFKA_PASSWORD = 'another password'
    assert.match(await refusal({ ...right, KAFKA_SASL, KAFKA_PASSWORD }), /^KAFKA_SASL: .*"wireside"/)
  }
  assert.match(await refusal({ ...right, KAFKA_SASL: 'SCRAM-SHA-512' }), /^KAFKA_SASL: .*SCRAM-SHA-512/)
  assert.match(await refusal(settings), /^KAFKA_SASL: .* asks for a user and a password/)
})

test('A broker that speaks TLS is asked for its certificate.', { skip }, async (t) => {
  const { certFile, pemFile } = await certificate(t)
  const { settings } = await ownKafka(t, { pemFile })
  const tls = { ...settings, KAFKA_TLS: 'on' }
  await (await kafka({ ...tls, KAFKA_CA_FILE: certFile })).assertUsable()
  assert.match(await refusal(tls), /^KAFKA_CA_FILE: .*not trusted/)
  assert.match(await refusal(settings), /^KAFKA_TLS: .*set KAFKA_TLS=on/)
  assert.match(
    await refusal({ ...tls, KAFKA_CA_FILE: '/nowhere' }),
    /^KAFKA_CA_FILE: \/nowhere cannot be read/,
  )
  const plain = await sharedKafka()
  assert.match(await refusal({ ...plain, KAFKA_TLS: 'on', KAFKA_CA_FILE: certFile }), /^KAFKA_TLS: .*no TLS/)
})

test('What answers in another protocol is named, without Kafka too.', async (t) => {
  const http = createHttpServer()
  assert.match(await refusal({ KAFKA_BROKERS: await listening(t, http) }), /is no Kafka/)
  const lines = createServer((socket) => {
    socket.on('data', (bytes) => bytes.includes('\n') && socket.write('-ERR unknown command\r\n'))
  })
  assert.match(await refusal({ KAFKA_BROKERS: await listening(t, lines) }), /is no Kafka/)
})

test('What cannot be reached, or says nothing, may come back: it is no refusal.', async (t) => {
  const silent = await listening(t, createServer())
  const nobody = `127.0.0.1:${await freePort()}`
  for (const KAFKA_BROKERS of [nobody, silent, `${nobody},${silent}`]) {
    const usable = (await kafka({ KAFKA_BROKERS })).assertUsable()
    await assert.rejects(usable, (error) => !(error instanceof KafkaUnusable))
  }
})

test('A broker that takes too long to say more than its versions is away: it is no refusal.', {
  skip,
}, async (t) => {
  const { KAFKA_BROKERS: broker } = await sharedKafka()
  const slow = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: Number(broker.split(':').at(-1)) })
    near.pipe(far)
    far.once('data', (bytes) => near.write(bytes))
    for (const socket of [near, far]) {
      socket.on('error', () => undefined)
      socket.on('close', () => [near, far].map((each) => each.destroy()))
    }
  })
  const usable = (await kafka({ KAFKA_BROKERS: await listening(t, slow) })).assertUsable()
  await assert.rejects(usable, (error) => !(error instanceof KafkaUnusable))
})

test('A topic is made once, and one that does not fit is named with what it has.', { skip }, async (t) => {
  const { KAFKA_TOPIC_PREFIX: name, ...settings } = await sharedKafka()
  const admin = (await kafka(settings)).admin()
  t.after(() => admin.close())
  const plan = { name, partitions: 3, settings: { 'cleanup.policy': 'delete', 'retention.ms': 60_000 } }
  await Promise.all([ensureTopic(admin, plan), ensureTopic(admin, plan)])
  await ensureTopic(admin, plan)
  const { topics } = await admin.metadata({ topics: [name] })
  assert.equal(topics.get(name)?.partitionsCount, 3)
  await assert.rejects(
    ensureTopic(admin, { ...plan, partitions: 4, settings: { ...plan.settings, 'retention.ms': 59_999 } }),
    (error) =>
      error instanceof KafkaUnusable &&
      error.message.includes('3 partitions, fewer than 4; retention.ms=60000 instead of 59999'),
  )
})

test('A topic that is given its partitions a moment later fits.', { skip }, async (t) => {
  const { KAFKA_TOPIC_PREFIX: name, ...settings } = await sharedKafka()
  const [admin, other] = [(await kafka(settings)).admin(), (await kafka(settings)).admin()]
  t.after(() => Promise.all([admin.close(), other.close()]))
  await ensureTopic(other, { name, partitions: 2, settings: {} })
  const fits = ensureTopic(admin, { name, partitions: 3, settings: {} })
  for (let looks = 0; looks < 2; looks += 1) await Promise.race([once(admin, 'client:metadata'), fits])
  await other.createPartitions({
    topics: [{ name, count: 3, assignments: [{ brokerIds: [1] }] }],
    validateOnly: false,
  })
  await fits
})

test('Settings that do not go together are named.', () => {
  const complaints = (source: Record<string, string>) => {
    try {
      read(source)
      return ''
    } catch (error) {
      return String(error)
    }
  }
  assert.match(complaints({ KAFKA_SASL: 'PLAIN' }), /KAFKA_USERNAME: required.*\nKAFKA_PASSWORD: required/)
  assert.match(complaints({ KAFKA_PASSWORD: 'x' }), /KAFKA_PASSWORD: needs KAFKA_SASL/)
  assert.match(complaints({ KAFKA_BROKERS: 'a:1', KAFKA_CA_FILE: 'x' }), /KAFKA_CA_FILE: needs KAFKA_TLS too/)
  assert.match(complaints({ KAFKA_TLS: 'on' }), /KAFKA_TLS: needs KAFKA_BROKERS too/)
  assert.match(complaints({ KAFKA_BROKERS: 'a:65536' }), /KAFKA_BROKERS: must have ports up to 65535/)
  assert.match(complaints({ KAFKA_BROKERS: 'kafka' }), /KAFKA_BROKERS: must be brokers/)
  assert.match(complaints({ KAFKA_BROKER: 'kafka:9092' }), /KAFKA_BROKER: unknown setting/)
  assert.deepEqual(read({ KAFKA_BROKERS: 'a:1,[::1]:2' }).KAFKA_BROKERS, ['a:1', '[::1]:2'])
})

const read = (source: Record<string, string>) => readEnv({ NODE_ENV: 'test', ...source })
const kafka = (settings: Record<string, string>) => openKafka(read(settings))

/** The message that ends a start; asserts that it does not contain the password. */
async function refusal(settings: Record<string, string>): Promise<string> {
  try {
    await (await kafka(settings)).assertUsable()
  } catch (error) {
    assert.ok(error instanceof KafkaUnusable, String(error))
    assert.doesNotMatch(error.message, /\n/)
    assert.ok(!settings.KAFKA_PASSWORD || !error.message.includes(settings.KAFKA_PASSWORD))
    return error.message
  }
  throw new Error('It was let in')
}

async function listening(t: TestContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
