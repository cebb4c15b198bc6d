import { kafkaMissing, ownKafka } from '#server/testing/kafka.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import type { Engines } from './cross-node.ts'
import type { BenchRun } from './run.ts'

const awayMs = 1_000
const besidesMs = 50

/** The arms of a comparison, with the Redis and the Kafka of this machine, as far as there are any. */
export async function withEngines({ add }: BenchRun, use: (arms: Engines[]) => Promise<void>): Promise<void> {
  const endings: (() => unknown)[] = []
  const hooks = { after: (end: () => unknown) => void endings.push(end) }
  for (const missing of [noRedis, kafkaMissing]) if (missing) add(`Left out: ${missing}.`)
  const redis = noRedis ? undefined : { REDIS_URL: (await testRedis(hooks)).url }
  const kafka = kafkaMissing ? undefined : (await ownKafka(hooks)).settings
  const arms: Engines[] = [
    { name: 'None: the fallback check alone', settings: {}, goalMs: awayMs, wakes: 'never' },
    { name: 'NOTIFY in the transaction', settings: {}, goalMs: besidesMs, wakes: 'in the transaction' },
    { name: 'NOTIFY after the commit', settings: {}, goalMs: besidesMs },
  ]
  if (redis) arms.push({ name: 'Redis', settings: redis, goalMs: besidesMs })
  if (kafka) arms.push({ name: 'Kafka', settings: kafka, goalMs: besidesMs })
  if (redis && kafka) {
    arms.push({ name: 'Redis and Kafka', settings: { ...redis, ...kafka }, goalMs: besidesMs })
  }
  try {
    await use(arms)
  } finally {
    for (const end of endings.reverse()) await end()
  }
}
