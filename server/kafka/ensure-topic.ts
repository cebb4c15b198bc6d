import { setTimeout as pause } from 'node:timers/promises'
import { type Admin, findErrorBy } from '@platformatic/kafka'
import { KafkaUnusable } from './kafka-unusable.ts'

/**
 * The required state of a topic. Numeric settings are upper bounds in milliseconds or bytes; -1 in Kafka means no
 * bound.
 */
export type TopicPlan = {
  name: string
  partitions: number
  settings: Record<string, string | number>
}

const topicResource = 2
const fitsWithinMs = 5_000
const lookEveryMs = 100

/**
 * Creates a topic if it does not exist. Throws `KafkaUnusable` when an existing one does not fit, and an error that
 * waiting may fix while Kafka does not report its number of partitions.
 */
export async function ensureTopic(admin: Admin, plan: TopicPlan): Promise<void> {
  const { name } = plan
  if (!(await admin.listTopics()).includes(name)) await createTopic(admin, plan)
  const partitions = await settledPartitions(admin, plan)
  const misfits = [
    ...(partitions < plan.partitions ? [`${partitions} partitions, fewer than ${plan.partitions}`] : []),
    ...(await unfitSettings(admin, plan)),
  ]
  if (misfits.length > 0) {
    throw new KafkaUnusable(
      `KAFKA_TOPIC_PREFIX: the topic ${name} does not fit: it has ${misfits.join('; ')}`,
    )
  }
}

/** How many partitions a topic has. Not every broker knows a new or enlarged topic at once. */
async function settledPartitions(admin: Admin, { name, partitions }: TopicPlan): Promise<number> {
  const deadline = performance.now() + fitsWithinMs
  while (true) {
    const found = await partitionsOf(admin, name)
    if (typeof found === 'number' && found >= partitions) return found
    if (performance.now() >= deadline) {
      if (typeof found === 'number') return found
      throw new Error(`The topic ${name} is there, but not all of its partitions have a leader`, {
        cause: found,
      })
    }
    await pause(lookEveryMs)
  }
}

/** An error while Kafka cannot say yet: the topic is too new, or one of its partitions has no leader. */
async function partitionsOf(admin: Admin, name: string): Promise<number | Error> {
  try {
    const { topics } = await admin.metadata({ topics: [name], forceUpdate: true })
    return topics.get(name)?.partitionsCount ?? new Error('Kafka does not know it')
  } catch (error) {
    if (!(error instanceof Error)) throw error
    // For a moment a broker does not know a new topic, which the client reports as a mistake of its user.
    if (findErrorBy(error, 'hasStaleMetadata', true) || findErrorBy(error, 'code', 'PLT_KFK_USER'))
      return error
    throw error
  }
}

async function createTopic(admin: Admin, { name, partitions, settings }: TopicPlan): Promise<void> {
  const configs = Object.entries(settings).map(([key, value]) => ({ name: key, value: String(value) }))
  try {
    await admin.createTopics({ topics: [name], partitions, configs })
  } catch (error) {
    // Another process created it first.
    if (!findErrorBy(error as Error, 'apiId', 'TOPIC_ALREADY_EXISTS')) throw error
  }
}

async function unfitSettings(admin: Admin, { name, settings }: TopicPlan): Promise<string[]> {
  const [described] = await admin.describeConfigs({
    resources: [
      { resourceType: topicResource, resourceName: name, configurationKeys: Object.keys(settings) },
    ],
  })
  return Object.entries(settings).flatMap(([key, wanted]) => {
    const found = described?.configs.find((config) => config.name === key)?.value ?? 'nothing'
    const fits = typeof wanted === 'string' ? found === wanted : Number(found) >= 0 && Number(found) <= wanted
    return fits ? [] : [`${key}=${found} instead of ${wanted}`]
  })
}
