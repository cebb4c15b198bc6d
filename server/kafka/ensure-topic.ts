import { type Admin, findErrorBy } from '@platformatic/kafka'
import { KafkaUnusable } from './kafka-unusable.ts'

/** A topic as it has to be. Numbers among the settings are upper bounds in milliseconds or bytes, where -1 is no bound. */
export type TopicPlan = {
  name: string
  partitions: number
  settings: Record<string, string | number>
}

const topicResource = 2
const visibleWithinMs = 5_000

/** Makes a topic if it is not there. Throws `KafkaUnusable` when one is there that does not fit. */
export async function ensureTopic(admin: Admin, plan: TopicPlan): Promise<void> {
  const { name } = plan
  if ((await partitionsOf(admin, name)) === undefined) await createTopic(admin, plan)
  const deadline = performance.now() + visibleWithinMs
  let partitions = await partitionsOf(admin, name)
  while (partitions === undefined && performance.now() < deadline)
    partitions = await partitionsOf(admin, name)
  const misfits = [
    ...((partitions ?? 0) < plan.partitions
      ? [`${partitions} partitions, fewer than ${plan.partitions}`]
      : []),
    ...(await unfitSettings(admin, plan)),
  ]
  if (misfits.length > 0) {
    throw new KafkaUnusable(
      `KAFKA_TOPIC_PREFIX: the topic ${name} does not fit: it has ${misfits.join('; ')}`,
    )
  }
}

async function partitionsOf(admin: Admin, name: string): Promise<number | undefined> {
  const topics = await admin.listTopics()
  if (!topics.includes(name)) return undefined
  try {
    const { topics: described } = await admin.metadata({ topics: [name], forceUpdate: true })
    return described.get(name)?.partitionsCount
  } catch (error) {
    // Just made: its partitions have no leader yet.
    if (findErrorBy(error as Error, 'hasStaleMetadata', true)) return undefined
    throw error
  }
}

async function createTopic(admin: Admin, { name, partitions, settings }: TopicPlan): Promise<void> {
  const configs = Object.entries(settings).map(([key, value]) => ({ name: key, value: String(value) }))
  try {
    await admin.createTopics({ topics: [name], partitions, configs })
  } catch (error) {
    // Another process was first.
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
