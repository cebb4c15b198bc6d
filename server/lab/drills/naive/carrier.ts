import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Admin, Consumer, Producer } from '@platformatic/kafka'
import { createClient } from '@redis/client'

/**
 * What most apps put between the node that learns of an entry and the nodes with the clients: plain pub/sub, or a
 * topic. Whatever is not delivered at once is never recovered.
 */
export type CarrierOptions =
  | { kind: 'redis'; url: string }
  /** Nodes of one `group` share the partitions. */
  | { kind: 'kafka'; brokers: string; group: string; sends: boolean }

export type Carrier = { send(payload: string): void; close(): Promise<void> }

/** Resolves when messages reach `onMessage` on every node. */
export async function openCarrier(
  options: CarrierOptions,
  onMessage: (payload: string) => void,
): Promise<Carrier> {
  return options.kind === 'redis' ? overRedis(options.url, onMessage) : overKafka(options, onMessage)
}

const channel = 'naive'
const soonMs = 500

async function overRedis(url: string, onMessage: (payload: string) => void): Promise<Carrier> {
  const open = async () => {
    const client = createClient({ url, socket: { reconnectStrategy: soonMs }, disableOfflineQueue: true })
    client.on('error', () => undefined)
    await client.connect()
    return client
  }
  const [publisher, subscriber] = [await open(), await open()]
  await subscriber.subscribe(channel, onMessage)
  return {
    send: (payload) => void publisher.publish(channel, payload).catch(() => undefined),
    close: async () => {
      for (const client of [publisher, subscriber]) client.destroy()
    },
  }
}

const topic = 'naive'
const partitions = 6
const utf8 = (text?: string) => (text === undefined ? undefined : Buffer.from(text))

type OverKafka = Extract<CarrierOptions, { kind: 'kafka' }>

async function overKafka(
  { brokers, group, sends }: OverKafka,
  onMessage: (payload: string) => void,
): Promise<Carrier> {
  const base = {
    ...{ clientId: randomUUID(), bootstrapBrokers: brokers.split(',') },
    ...{ connectTimeout: 1_000, requestTimeout: 2_000, timeout: 1_500, retries: 0 },
  }
  const admin = new Admin(base)
  await admin.createTopics({ topics: [topic], partitions, replicas: 1 }).catch(() => undefined)
  await admin.close()
  const producer = new Producer<string, string, string, string>({
    ...base,
    serializers: { key: utf8, value: utf8, headerKey: utf8, headerValue: utf8 },
  })

  let isClosed = false
  let consumer: Consumer | undefined

  /** Retries until it has joined its group; when its stream fails, it continues from the end. */
  async function consume(): Promise<void> {
    while (!isClosed) {
      const opened = new Consumer({
        ...{ ...base, groupId: group, sessionTimeout: 6_000, heartbeatInterval: 1_000 },
        // Joining a group waits for its other members.
        ...{ requestTimeout: 15_000, maxWaitTime: 200 },
      })
      consumer = opened
      const leave = () => opened.close(true).catch(() => undefined)
      try {
        const stream = await opened.consume({ topics: [topic], mode: 'latest', autocommit: true })
        stream.on('data', ({ value }) => onMessage(String(value)))
        stream.once('error', () => void leave().then(consume))
        return
      } catch {
        await leave()
        await pause(soonMs)
      }
    }
  }
  await consume()

  let sent = 0
  return {
    send(payload) {
      if (!sends) return
      sent += 1
      const messages = [{ topic, partition: sent % partitions, value: payload }]
      // Fire and forget.
      producer.send({ messages, acks: 1 }).catch(() => undefined)
    },
    async close() {
      isClosed = true
      const closing = [consumer?.close(true), producer.close()]
      await Promise.all(closing.map((each) => each?.catch(() => undefined)))
    },
  }
}
