import { kafkaMissing, ownKafka } from '#server/testing/kafka.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { writeBorrowers } from './borrowers.ts'
import { benchColdStart } from './cold-start.ts'
import { benchCommits } from './commits.ts'
import { benchCrossNode, type Engines, followedStreams } from './cross-node.ts'
import { secret, withBenchDatabase } from './wireside.ts'

const awayMs = 1_000
const besidesMs = 50

/** What several nodes must hold: what wake-ups cost the writers, how news crosses nodes on each engine, and a cold start. */
export async function benchNodes(options: Set<string>): Promise<void> {
  await benchCommits(options)
  const seconds = options.has('--quick') ? 5 : 20
  await withBenchDatabase(async (databaseUrl) => {
    const borrowers = await writeBorrowers(databaseUrl, secret, followedStreams)
    await withEngines((arms) => benchCrossNode(databaseUrl, borrowers, arms, seconds))
  }, {})
  await benchColdStart(options)
}

/** With the Redis and the Kafka of this machine, as far as there are any. */
async function withEngines(use: (arms: Engines[]) => Promise<void>): Promise<void> {
  const endings: (() => unknown)[] = []
  const hooks = { after: (end: () => unknown) => void endings.push(end) }
  for (const missing of [noRedis, kafkaMissing]) if (missing) console.log(`Left out: ${missing}`)
  const redis = noRedis ? undefined : { REDIS_URL: (await testRedis(hooks)).url }
  const kafka = kafkaMissing ? undefined : (await ownKafka(hooks)).settings
  const arms: Engines[] = [
    { name: 'Postgres alone', settings: {}, goalMs: besidesMs },
    { name: 'Postgres, every wake-up lost (control)', settings: {}, goalMs: awayMs, mute: true },
  ]
  if (redis) arms.push({ name: 'Redis', settings: redis, goalMs: besidesMs })
  if (kafka) arms.push({ name: 'Kafka', settings: kafka, goalMs: besidesMs })
  if (redis && kafka)
    arms.push({ name: 'Redis and Kafka', settings: { ...redis, ...kafka }, goalMs: besidesMs })
  try {
    await use(arms)
  } finally {
    for (const end of endings.reverse()) await end()
  }
}
