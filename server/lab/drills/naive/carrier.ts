import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Admin, Consumer, Producer } from '@platformatic/kafka'
import { createClient } from '@redis/client'

/**
 * What most apps put between the node that hears of an entry and those that have the clients: plain pub/sub, or a topic.
 * What is not delivered at once is never looked up again.
 */
export type CarrierOptions =
  | { kind: 'redis'; url: string }
  /** Nodes of one `group` share the partitions among them. */
  | { kind: 'kafka'; brokers: string; group: string; sends: boolean }

export type Carrier = { send(payload: string): void; close(): Promise<void> }

/** Resolves when what is sent arrives at `onMessage` of every node. */
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

  /** Until it has joined its group; when its stream breaks off, it reads on from the end. */
  async function consume(): Promise<void> {
    while (!isClosed) {
      const opened = new Consumer({
        ...{ ...base, groupId: group, sessionTimeout: 6_000, heartbeatInterval: 1_000 },
        // To join a group is to wait for the others of it.
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
