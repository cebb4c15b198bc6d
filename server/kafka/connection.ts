import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import {
  Admin,
  type Base,
  Consumer,
  findErrorBy,
  Producer,
  type SASLMechanismValue,
} from '@platformatic/kafka'
import { KafkaUnusable } from './kafka-unusable.ts'
import { protocolSpokenAt } from './protocol-spoken.ts'

/** The settings of this process, as env.ts names them. */
export type KafkaSettings = {
  KAFKA_BROKERS: readonly string[]
  KAFKA_TOPIC_PREFIX: string
  KAFKA_TLS: boolean
  KAFKA_CA_FILE?: string | undefined
  KAFKA_SASL?: SASLMechanismValue | undefined
  KAFKA_USERNAME?: string | undefined
  KAFKA_PASSWORD?: string | undefined
}

/** Clients of one Kafka. Each is its own connections, connects at its first request and is closed by who asked for it. */
export type Kafka = {
  /** The name of one of our topics. */
  topic(name: 'entries' | 'prices'): string
  admin(): Admin
  /** For `fetch` and `listOffsets` of these topics; it joins no group. */
  reader(...topics: string[]): Reader
  /** Idempotent: what it repeats after a lost acknowledgement is there once. */
  producer(): TextProducer
  /** Resolves when a broker has answered. Throws `KafkaUnusable` for what no waiting mends, else what the client throws. */
  assertUsable(): Promise<void>
}

export type Reader = Consumer<Buffer, Buffer, Buffer, Buffer>
export type TextProducer = Producer<string, string, string, string>

/** A broker that takes longer is as good as away: who waits reads the log, or tries again. */
const timeouts = { connectTimeout: 1_000, requestTimeout: 2_000, timeout: 1_500 }

const utf8 = (text?: string) => (text === undefined ? undefined : Buffer.from(text))
const texts = { key: utf8, value: utf8, headerKey: utf8, headerValue: utf8 }

/** Knows how to reach Kafka, and does not do so yet. Throws `KafkaUnusable` when the file of `KAFKA_CA_FILE` cannot be read. */
export async function openKafka(settings: KafkaSettings): Promise<Kafka> {
  const { KAFKA_BROKERS, KAFKA_TOPIC_PREFIX, KAFKA_TLS, KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD } =
    settings
  const options = {
    clientId: 'wireside',
    bootstrapBrokers: [...KAFKA_BROKERS],
    ...timeouts,
    retries: 0,
    autocreateTopics: false,
    ...(KAFKA_TLS && {
      tls: await tlsOptions(settings.KAFKA_CA_FILE),
      tlsServerName: hasNames(KAFKA_BROKERS),
    }),
    ...(KAFKA_SASL && {
      sasl: { mechanism: KAFKA_SASL, username: KAFKA_USERNAME ?? '', password: KAFKA_PASSWORD ?? '' },
    }),
  }

  async function assertUsable() {
    const error = await failure()
    if (error === undefined) return
    const why = whyRefused(error) ?? (await whyNotUnderstood(error))
    throw why === undefined ? error : new KafkaUnusable(why, { cause: error })
  }

  /** What comes of asking Kafka for its brokers; undefined when it answers. */
  async function failure(): Promise<unknown> {
    const admin = guarded(new Admin(options))
    try {
      await admin.metadata({ topics: [] })
      return undefined
    } catch (error) {
      return error
    } finally {
      await admin.close().catch(() => undefined)
    }
  }

  function whyRefused(error: unknown): string | undefined {
    if (!(error instanceof Error)) return undefined
    if (findErrorBy(error, 'code', 'PLT_KFK_AUTHENTICATION') || hasCause(error, isAuthentication)) {
      return `KAFKA_SASL: Kafka does not let the user "${KAFKA_USERNAME}" in by ${KAFKA_SASL}: wrong user, password or mechanism`
    }
    const untrusted = hasCause(error, ({ code }) => /CERT|SELF_SIGNED|UNABLE_TO_/.test(String(code)))
    if (untrusted) return `KAFKA_CA_FILE: the certificate of Kafka is not trusted (${untrusted.message})`
    return undefined
  }

  /** A broker that cannot be understood, while another is away, is a setting that waiting does not mend. */
  async function whyNotUnderstood(error: unknown): Promise<string | undefined> {
    for (const broker of KAFKA_BROKERS) {
      switch (await protocolSpokenAt(broker)) {
        case 'kafka':
          if (KAFKA_TLS) return `KAFKA_TLS: ${broker} speaks no TLS`
          // Who wants a user hangs up on everybody else, every time. One that is slow, or ends just now, does not.
          if (!KAFKA_SASL && hasCause(error, isHungUp) && hasCause(await failure(), isHungUp)) {
            return `KAFKA_SASL: ${broker} asks for a user and a password`
          }
          break
        case 'tls':
          if (!KAFKA_TLS) return `KAFKA_TLS: ${broker} speaks TLS; set KAFKA_TLS=on`
          break
        case 'other':
          return `KAFKA_BROKERS: what answers at ${broker} is no Kafka`
        case undefined:
      }
    }
    return undefined
  }

  return {
    topic: (name) => `${KAFKA_TOPIC_PREFIX}.${name}`,
    admin: () => guarded(new Admin(options)),
    reader(...topics) {
      // The client wants the name of a group, which is not used without joining one.
      const reader: Reader = guarded(new Consumer({ ...options, groupId: 'none' }))
      reader.topics.trackAll(...topics)
      return reader
    },
    producer: () =>
      guarded(
        new Producer({ ...options, idempotent: true, retries: 2, retryDelay: 100, serializers: texts }),
      ),
    assertUsable,
  }
}

/**
 * Whoever asks is told of what fails. That a connection fails again on its way down, as after refused credentials, is
 * told to nobody: an `error` without a listener would end the process.
 */
function guarded<Client extends Base>(client: Client): Client {
  client.connections.on('connecting', ({ connection }) => connection.on('error', () => undefined))
  return client
}

/** TLS knows no addresses as the names of servers. */
const hasNames = (brokers: readonly string[]) =>
  brokers.every((broker) => isIP(broker.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')) === 0)

async function tlsOptions(caFile: string | undefined) {
  if (caFile === undefined) return {}
  try {
    return { ca: await readFile(caFile) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown error'
    throw new KafkaUnusable(`KAFKA_CA_FILE: ${caFile} cannot be read (${code})`)
  }
}

type Coded = Error & { code?: unknown }
const isAuthentication = ({ code }: Coded) => code === 'PLT_KFK_AUTHENTICATION'
/** The client has no code for it. */
const isHungUp = ({ message }: Coded) => message === 'Connection closed'

/** The first error among `error`, its causes and the errors that it sums up for which `is` holds. */
function hasCause(error: unknown, is: (error: Coded) => boolean): Coded | undefined {
  if (!(error instanceof Error)) return undefined
  if (is(error)) return error
  const inside = error instanceof AggregateError ? error.errors : []
  for (const each of [error.cause, ...inside]) {
    const found = hasCause(each, is)
    if (found) return found
  }
  return undefined
}
