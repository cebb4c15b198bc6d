import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from '#server/logger.ts'
import { certificate } from '#server/testing/certificate.ts'
import { eventually } from '#server/testing/eventually.ts'
import { kafkaMissing, ownKafka, sharedKafka } from '#server/testing/kafka.ts'
import { append, metric, reachOverKafka } from '#server/testing/kafka-nodes.ts'
import { appOn } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { keptPosition } from './relay-position.ts'

test('A process that does nothing but relay is told of what other nodes commit: it waits for no check of the log.', {
  skip: kafkaMissing ?? false,
}, async (t) => {
  const settings = { ...(await sharedKafka()), LOG_CHECK_MS: '600000' }
  const { url } = await testDatabase(t)
  const writer = await appOn(t, url, { ...settings, ROLES: 'web' })
  const relay = await appOn(t, url, { ...settings, ROLES: 'relay' })
  // An entry found by the first pass would not prove that the relay was notified.
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
