import { randomUUID } from 'node:crypto'
import type { TestContext } from 'node:test'
import { type Broker, type BrokerOptions, startBroker } from '#server/engines/kafka/broker.ts'
import { hasKafkaJars, kafkaMissing as missing, whyNotFetched } from '#server/engines/kafka/jars.ts'

/** Where a file asks for the broker of the whole run, when there is a run; a file that is run by itself starts its own. */
export const kafkaVariable = 'TEST_KAFKA_URL'

/** Why no broker can be started on this machine; undefined when one can. What Maven has to fetch for it is there then. */
export const kafkaMissing = missing ?? (hasKafkaJars ? undefined : await fetched())

/** Settings of a node: the broker that is meant, and topics of the test's own. */
type KafkaSettings = { KAFKA_BROKERS: string; KAFKA_TOPIC_PREFIX: string }

let shared: Promise<string> | undefined

/** The broker that all tests of a run share, with topics for this test alone. */
export async function sharedKafka(): Promise<KafkaSettings> {
  shared ??= sharedBroker()
  return { KAFKA_BROKERS: await shared, KAFKA_TOPIC_PREFIX: topicPrefix() }
}

/** A broker for a test that kills, freezes or empties it, or needs one that asks for more. */
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
