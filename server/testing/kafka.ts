import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type Broker, type BrokerOptions, startBroker } from '#server/engines/kafka/broker.ts'
import { hasKafkaJars, kafkaMissing as missing, whyNotFetched } from '#server/engines/kafka/jars.ts'

/** Where a test file requests the broker of the whole run; a file run by itself starts its own. */
export const kafkaVariable = 'TEST_KAFKA_URL'

/** Why no broker can be started on this machine; undefined when one can, with everything fetched that Maven has to. */
export const kafkaMissing = missing ?? (hasKafkaJars ? undefined : await fetched())

/** A node's settings: the broker, and topics of the test's own. */
type KafkaSettings = { KAFKA_BROKERS: string; KAFKA_TOPIC_PREFIX: string }

let shared: Promise<string> | undefined

/** The broker shared by all tests of a run, with topics for this test alone. */
export async function sharedKafka(): Promise<KafkaSettings> {
  shared ??= sharedBroker()
  return { KAFKA_BROKERS: await shared, KAFKA_TOPIC_PREFIX: topicPrefix() }
}

/** A broker for a test that kills, freezes or empties it, or needs other options. */
export async function ownKafka(
  t: Pick<TestContext, 'after'>,
  options?: BrokerOptions,
): Promise<Broker & { settings: KafkaSettings }> {
  const broker = await startBroker(options)
  t.after(broker.destroy)
  return { ...broker, settings: { KAFKA_BROKERS: broker.brokers, KAFKA_TOPIC_PREFIX: topicPrefix() } }
}

const topicPrefix = () => `test-${randomUUID()}`

async function fetched(): Promise<string | undefined> {
  const url = process.env[kafkaVariable]
  return url ? (await (await fetch(`${url}/missing`)).text()) || undefined : whyNotFetched()
}

async function sharedBroker(): Promise<string> {
  const url = process.env[kafkaVariable]
  if (url) {
    const response = await fetch(url)
    if (!response.ok) throw new Error(await response.text())
    return response.text()
  }
  const broker = await startBroker()
  process.once('beforeExit', broker.destroy)
  return broker.brokers
}
