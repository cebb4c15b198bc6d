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

/** The Kafka settings of this process, named as in env.ts. */
export type KafkaSettings = {
  KAFKA_BROKERS: readonly string[]
  KAFKA_TOPIC_PREFIX: string
  KAFKA_TLS: boolean
  KAFKA_CA_FILE?: string | undefined
  KAFKA_SASL?: SASLMechanismValue | undefined
  KAFKA_USERNAME?: string | undefined
  KAFKA_PASSWORD?: string | undefined
}

/** Clients of one Kafka. Each has its own connections, connects with its first request, and is closed by its caller. */
export type Kafka = {
  /** The full name of one of our topics. */
  topic(name: 'entries' | 'prices'): string
  admin(): Admin
  /** For `fetch` and `listOffsets` of these topics; it joins no group. */
  reader(...topics: string[]): Reader
  /** Idempotent: a batch resent after a lost acknowledgement is stored once. */
  producer(): TextProducer
  /**
   * Resolves when a broker has responded. Throws `KafkaUnusable` for what waiting cannot fix, and the client's error
   * for anything else.
   */
  assertUsable(): Promise<void>
}

export type Reader = Consumer<Buffer, Buffer, Buffer, Buffer>
export type TextProducer = Producer<string, string, string, string>

/** A slower broker is treated as unavailable: callers read the log or retry. */
const timeouts = { connectTimeout: 1_000, requestTimeout: 2_000, timeout: 1_500 }

const utf8 = (text?: string) => (text === undefined ? undefined : Buffer.from(text))
const texts = { key: utf8, value: utf8, headerKey: utf8, headerValue: utf8 }

/** Prepares the clients without connecting. Throws `KafkaUnusable` when `KAFKA_CA_FILE` cannot be read. */
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

  /** The error of a metadata request; undefined when Kafka responds. */
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

  /**
   * A setting that waiting cannot fix, found by probing each broker: one may not be understood while another is
   * unavailable.
   */
  async function whyNotUnderstood(error: unknown): Promise<string | undefined> {
    for (const broker of KAFKA_BROKERS) {
      switch (await protocolSpokenAt(broker)) {
        case 'kafka':
          if (KAFKA_TLS) return `KAFKA_TLS: ${broker} speaks no TLS`
          // A broker that requires authentication hangs up on everyone else, every time; a slow or stopping one does
          // not.
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
      // The client requires a group name, which is not used without joining a group.
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
 * Errors reach callers through their requests. A connection that fails once more while closing, as after refused
 * credentials, has no caller: without a listener, its `error` event would end the process.
 */
function guarded<Client extends Base>(client: Client): Client {
  client.connections.on('connecting', ({ connection }) => connection.on('error', () => undefined))
  return client
}

/** TLS server names cannot be IP addresses. */
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

/** The first error for which `is` holds, among `error`, its causes, and the errors that it aggregates. */
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
