import { randomBytes } from 'node:crypto'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { type Broker, startBroker } from '#server/engines/kafka/broker.ts'
import { hasKafkaJars, kafkaMissing } from '#server/engines/kafka/jars.ts'
import { programPath } from '#server/engines/program-path.ts'
import { type RedisServer, redisPath, startRedis } from '#server/engines/redis.ts'

export const engineNames = ['redis', 'kafka', 'haproxy', 'tls'] as const
export type EngineName = (typeof engineNames)[number]

/** The engines started by this cluster. */
export type StartedEngines = { redis?: RedisServer; kafka?: Broker }

/** Engines to leave out although they are installed, and whether Maven may fetch Kafka. */
export type EngineChoice = { without?: readonly EngineName[]; fetchKafka?: boolean }

const insteadOf: Record<EngineName, string> = {
  redis: 'Postgres carries the wake-ups to every node, and each node counts rates by itself',
  kafka: 'gateways read new entries from Postgres, and a price stream resumes on its own gateway only',
  haproxy: 'every web and gateway does both, and the first of them is the entrance',
  tls: 'the entrance speaks plain HTTP, which browsers use without HTTP/2',
}

const titles: Record<EngineName, string> = { redis: 'Redis', kafka: 'Kafka', haproxy: 'HAProxy', tls: 'TLS' }

/** Which engines the cluster will have; `missing` has a line per missing engine with its replacement. */
export function planEngines(
  { without = [], fetchKafka = false }: EngineChoice,
  settings: Record<string, string>,
): { has(name: EngineName): boolean; missing: string[] } {
  const kafka =
    kafkaMissing ??
    (hasKafkaJars || fetchKafka ? undefined : 'KAFKA_HOME is not set; --fetch-kafka has Maven fetch one')
  const reasons: Record<EngineName, string | undefined> = {
    redis: settings.REDIS_URL || redisPath ? undefined : 'redis-server is not installed',
    kafka: settings.KAFKA_BROKERS ? undefined : kafka,
    haproxy: haproxyPath ? undefined : 'haproxy is not installed',
    tls: programPath('openssl') ? undefined : 'openssl is not installed',
  }
  for (const name of without) reasons[name] = 'left out as you asked'
  if (reasons.haproxy !== undefined) reasons.tls ??= 'there is no HAProxy to speak it'
  return {
    has: (name) => reasons[name] === undefined,
    missing: engineNames.flatMap((name) =>
      reasons[name] === undefined ? [] : [`No ${titles[name]} (${reasons[name]}): ${insteadOf[name]}.`],
    ),
  }
}

/**
 * Starts Redis and Kafka unless they are left out or given by `settings`. Returns them with the settings by which nodes
 * find them.
 */
export async function startEngines(
  has: (name: EngineName) => boolean,
  settings: Record<string, string>,
  opened: AsyncDisposableStack,
): Promise<{ engines: StartedEngines; settings: Record<string, string> }> {
  const starting = {
    redis:
      has('redis') && !settings.REDIS_URL
        ? startRedis({ password: randomBytes(18).toString('hex') })
        : undefined,
    kafka: has('kafka') && !settings.KAFKA_BROKERS ? startBroker() : undefined,
  }
  for (const engine of Object.values(starting))
    opened.defer(async () => (await engine?.catch(() => undefined))?.destroy())
  const [redis, kafka] = await Promise.all([starting.redis, starting.kafka])
  return {
    engines: { ...(redis && { redis }), ...(kafka && { kafka }) },
    settings: {
      ...(redis && { REDIS_URL: redis.url }),
      ...(kafka && { KAFKA_BROKERS: kafka.brokers }),
    },
  }
}
