import { type Backplane, mostMessageBytes } from './backplane.ts'
import { createOutbox } from './outbox.ts'
import type { Redis } from './redis.ts'
import { createRedisChannels } from './redis-channels.ts'
import { createSubscriptions } from './subscriptions.ts'

const doubtEveryMs = 30_000
const mostAtOnce = 1_000
/** A message with the name of its node. */
const mostEnvelopeChars = mostMessageBytes + 100

/**
 * The backplane on Redis: each channel is a Redis channel, subscribed while it has a subscriber here, so that a message
 * reaches only the nodes that want it.
 *
 * Channel names begin with the epoch, because several databases, and several epochs of one, may share a Redis.
 */
export function createRedisBackplane(redis: Redis): Backplane {
  const node = crypto.randomUUID().slice(0, 8)
  const catchUps: (() => void | Promise<void>)[] = []
  const subscriptions = createSubscriptions((channel) => channels.changed(channel))
  const channels = createRedisChannels(redis, {
    channels: subscriptions.channels,
    isWanted: subscriptions.has,
    receive,
    onSubscribedAgain: catchUps,
  })
  let epoch = ''
  let received = 0
  let doubtedAt = Number.NEGATIVE_INFINITY

  const outbox = createOutbox(async (messages) => {
    // In parts, because each call has a deadline.
    for (let at = 0; at < messages.length; at += mostAtOnce) {
      const part = messages.slice(at, at + mostAtOnce)
      await redis.call((client) =>
        Promise.all(part.map(([to, text]) => client.publish(`${epoch}:${to}`, JSON.stringify([node, text])))),
      )
    }
  })

  function receive(channel: string, text: string) {
    const message = messageOf(text)
    if (message === undefined || message.from === node) return
    received += 1
    subscriptions.deliver(channel, message.text)
  }

  return {
    begin(now) {
      epoch = now
      channels.begin(now)
    },
    publish: outbox.add,
    sent: outbox.sent,
    async subscribe(channel, onMessage) {
      const leave = subscriptions.add(channel, onMessage)
      await channels.inForce(channel)
      return leave
    },
    onReconnect: (catchUp) => void catchUps.push(catchUp),
    isConnected: () => redis.isConnected() && channels.isConnected(),
    doubt() {
      const now = performance.now()
      if (!channels.isConnected() || now - doubtedAt < doubtEveryMs) return
      doubtedAt = now
      channels.reconnect()
    },
    counts: () => ({ published: outbox.published(), received }),
    async close() {
      await outbox.close()
      await channels.close()
    },
  }
}

/** Anyone who can write to Redis can publish, so anything but our messages is ignored. */
function messageOf(text: string): { from: string; text: string } | undefined {
  if (text.length > mostEnvelopeChars) return undefined
  try {
    const parts: unknown = JSON.parse(text)
    if (!Array.isArray(parts) || parts.length !== 2) return undefined
    const [from, said] = parts
    return typeof from === 'string' && typeof said === 'string' ? { from, text: said } : undefined
  } catch {
    return undefined
  }
}
