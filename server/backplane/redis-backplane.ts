import { setTimeout as pause } from 'node:timers/promises'
import { type Backplane, mostMessageBytes } from './backplane.ts'
import { createOutbox } from './outbox.ts'
import type { Redis, RedisClient } from './redis.ts'
import { createSubscriptions } from './subscriptions.ts'

const patienceMs = 200
const doubtEveryMs = 30_000
const mostAtOnce = 1_000

/**
 * The backplane on Redis: each channel is one of Redis, subscribed while somebody here wants it, so that a message
 * reaches only the nodes where somebody does.
 *
 * Channels begin with the epoch, for several databases, and several lives of one, may share a Redis.
 */
export function createRedisBackplane(redis: Redis): Backplane {
  const node = crypto.randomUUID().slice(0, 8)
  const catchUps: (() => void | Promise<void>)[] = []
  const subscriptions = createSubscriptions(changed)
  /** Channels of which Redis may have to be told. It is told of one thing at a time, so it ends as it is wanted. */
  const unsettled = new Set<string>()
  /** What Redis calls the channels that are subscribed there. */
  let inForce = new Map<string, string>()
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  let epoch = ''
  let current: RedisClient | undefined
  let settling: Promise<void> | undefined
  let received = 0
  let doubtedAt = Number.NEGATIVE_INFINITY

  const outbox = createOutbox(async (messages) => {
    // Each part has its own deadline.
    for (let at = 0; at < messages.length; at += mostAtOnce) {
      const part = messages.slice(at, at + mostAtOnce)
      await redis.call((client) =>
        Promise.all(
          part.map(([channel, text]) => client.publish(nameOf(channel), JSON.stringify([node, text]))),
        ),
      )
    }
  })
  const subscriber = redis.duplicate((client) => {
    current = client
    inForce = new Map()
    for (const channel of subscriptions.channels()) unsettled.add(channel)
    settle(unsettled.size)
  })

  function nameOf(channel: string): string {
    return `${epoch}:${channel}`
  }

  function changed(channel: string) {
    unsettled.add(channel)
    if (!subscriptions.has(channel)) waiting.delete(channel)
    settle()
  }

  /** `untilCaughtUp`: how many channels have to be settled before what was lost can be looked for. */
  function settle(untilCaughtUp?: number) {
    if (!current || !subscriber.isConnected() || epoch === '') return
    if (settling && untilCaughtUp === undefined) return
    const client = current
    const run: Promise<void> = settleAll(client, untilCaughtUp).then(
      () => ended(run),
      () => {
        if (client === current) current = undefined
        subscriber.abandon(client)
        ended(run)
      },
    )
    settling = run
  }

  function ended(run: Promise<void>) {
    if (settling !== run) return
    settling = undefined
    // Wanted after the last look.
    if (unsettled.size > 0) settle()
  }

  async function settleAll(client: RedisClient, untilCaughtUp?: number) {
    let left = untilCaughtUp
    do {
      // What is wanted in one turn of the event loop is asked for together.
      await new Promise(setImmediate)
      if (client !== current) return
      const channels = [...unsettled].slice(0, mostAtOnce)
      for (const channel of channels) unsettled.delete(channel)
      await settleSome(client, channels)
      if (left === undefined) continue
      left -= channels.length
      if (left > 0) continue
      left = undefined
      for (const catchUp of catchUps) void insist(client, catchUp)
    } while (unsettled.size > 0)
  }

  async function settleSome(client: RedisClient, channels: readonly string[]) {
    const left = channels.filter(
      (channel) => inForce.has(channel) && inForce.get(channel) !== wanted(channel),
    )
    const leftNames = left.flatMap((channel) => inForce.get(channel) ?? [])
    for (const channel of left) inForce.delete(channel)
    if (leftNames.length > 0) await client.unsubscribe(leftNames)

    const joined = channels.filter((channel) => wanted(channel) !== undefined && !inForce.has(channel))
    const names = joined.map(nameOf)
    if (names.length > 0) await client.subscribe(names, receive)
    if (client !== current) return
    for (const [at, channel] of joined.entries()) {
      inForce.set(channel, names[at] ?? '')
      waiting.get(channel)?.resolve()
      waiting.delete(channel)
    }
  }

  function wanted(channel: string): string | undefined {
    return subscriptions.has(channel) ? nameOf(channel) : undefined
  }

  /** Postgres may be away too. */
  async function insist(client: RedisClient, catchUp: () => void | Promise<void>) {
    while (client === current) {
      try {
        return await catchUp()
      } catch {
        await pause(patienceMs)
      }
    }
  }

  function receive(text: string, name: string) {
    const message = messageOf(text)
    if (message === undefined || message.from === node) return
    received += 1
    subscriptions.deliver(name.slice(name.indexOf(':') + 1), message.text)
  }

  return {
    begin(now) {
      epoch = now
      for (const channel of subscriptions.channels()) unsettled.add(channel)
      settle()
    },
    publish: outbox.add,
    sent: outbox.sent,
    async subscribe(channel, onMessage) {
      const leave = subscriptions.add(channel, onMessage)
      if (inForce.has(channel) || !subscriber.isConnected()) return leave
      const coming = waiting.get(channel) ?? Promise.withResolvers<void>()
      waiting.set(channel, coming)
      const enough = new AbortController()
      await Promise.race([coming.promise, pause(patienceMs, undefined, enough).catch(() => undefined)])
      enough.abort()
      return leave
    },
    onReconnect: (catchUp) => void catchUps.push(catchUp),
    isConnected: () => redis.isConnected() && subscriber.isConnected(),
    doubt() {
      const now = performance.now()
      if (!current || !subscriber.isConnected() || now - doubtedAt < doubtEveryMs) return
      doubtedAt = now
      subscriber.abandon(current)
    },
    counts: () => ({ published: outbox.published(), received }),
    async close() {
      await outbox.close()
      current = undefined
      await subscriber.close()
    },
  }
}

/** Whoever can write to Redis can publish: what is no message of ours is passed over. */
function messageOf(text: string): { from: string; text: string } | undefined {
  if (text.length > mostMessageBytes) return undefined
  try {
    const parts: unknown = JSON.parse(text)
    if (!Array.isArray(parts) || parts.length !== 2) return undefined
    const [from, said] = parts
    return typeof from === 'string' && typeof said === 'string' ? { from, text: said } : undefined
  } catch {
    return undefined
  }
}
