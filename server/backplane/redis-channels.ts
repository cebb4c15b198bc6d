import { setTimeout as pause } from 'node:timers/promises'
import type { Redis, RedisClient } from './redis.ts'

const patienceMs = 200
const mostAtOnce = 1_000

type RedisChannels = {
  /** From now on, channels are named `<epoch>:<channel>` in Redis. None is subscribed before. */
  begin(epoch: string): void
  /** The channel is now wanted, or no longer: `isWanted` is called when the change is sent to Redis. */
  changed(channel: string): void
  /** Resolves when a wanted channel is subscribed, or after 200 ms; at once while Redis is unavailable. */
  inForce(channel: string): Promise<void>
  isConnected(): boolean
  /** Replaces the connection. */
  reconnect(): void
  close(): Promise<void>
}

type Wanted = {
  channels(): Iterable<string>
  isWanted(channel: string): boolean
  receive(channel: string, text: string): void
  /** Called on a new connection, once all wanted channels are subscribed on it. */
  onSubscribedAgain: readonly (() => void | Promise<void>)[]
}

/**
 * Keeps one connection subscribed to the wanted channels. Changes are sent to Redis one step at a time, by what is
 * wanted at that moment: however often that changes meanwhile, the final state is right.
 */
export function createRedisChannels(redis: Redis, wanted: Wanted): RedisChannels {
  const unsettled = new Set<string>()
  /** The subscribed channels, with their names in Redis. */
  let subscribed = new Map<string, string>()
  const waiting = new Map<string, { coming: Promise<void>; settle(): void }>()
  let epoch = ''
  let current: RedisClient | undefined
  let settling: Promise<void> | undefined

  const connection = redis.duplicate((client) => {
    current = client
    subscribed = new Map()
    for (const channel of wanted.channels()) unsettled.add(channel)
    settle(unsettled.size)
  })

  function nameOf(channel: string): string | undefined {
    return wanted.isWanted(channel) ? `${epoch}:${channel}` : undefined
  }

  /** `untilCaughtUp`: how many channels must be settled before `onSubscribedAgain` is called. */
  function settle(untilCaughtUp?: number) {
    if (!current || !connection.isConnected() || epoch === '') return
    if (settling && untilCaughtUp === undefined) return
    const client = current
    const run: Promise<void> = settleAll(client, untilCaughtUp).then(
      () => ended(run),
      () => {
        if (client === current) current = undefined
        connection.abandon(client)
        ended(run)
      },
    )
    settling = run
  }

  function ended(run: Promise<void>) {
    if (settling !== run) return
    settling = undefined
    // Wanted after the loop's last check.
    if (unsettled.size > 0) settle()
  }

  async function settleAll(client: RedisClient, untilCaughtUp?: number) {
    let left = untilCaughtUp
    do {
      // What is wanted within one turn of the event loop is sent together.
      await new Promise(setImmediate)
      if (client !== current) return
      const channels = [...unsettled].slice(0, mostAtOnce)
      for (const channel of channels) unsettled.delete(channel)
      await settleSome(client, channels)
      if (left === undefined) continue
      left -= channels.length
      if (left > 0) continue
      left = undefined
      for (const catchUp of wanted.onSubscribedAgain) void insist(client, catchUp)
    } while (unsettled.size > 0)
  }

  async function settleSome(client: RedisClient, channels: readonly string[]) {
    const left = channels.filter(
      (channel) => subscribed.has(channel) && subscribed.get(channel) !== nameOf(channel),
    )
    const leftNames = left.flatMap((channel) => subscribed.get(channel) ?? [])
    for (const channel of left) subscribed.delete(channel)
    if (leftNames.length > 0) await client.unsubscribe(leftNames)

    const joined = channels.flatMap((channel) => {
      const name = subscribed.has(channel) ? undefined : nameOf(channel)
      return name === undefined ? [] : [{ channel, name }]
    })
    const names = joined.map(({ name }) => name)
    if (names.length > 0) await client.subscribe(names, receive)
    if (client !== current) return
    for (const { channel, name } of joined) {
      subscribed.set(channel, name)
      // A new epoch may have begun meanwhile.
      if (name === nameOf(channel)) waiting.get(channel)?.settle()
    }
  }

  function receive(text: string, name: string) {
    wanted.receive(name.slice(name.indexOf(':') + 1), text)
  }

  /** Retries, because Postgres may be unavailable too. */
  async function insist(client: RedisClient, catchUp: () => void | Promise<void>) {
    while (client === current) {
      try {
        return await catchUp()
      } catch {
        await pause(patienceMs)
      }
    }
  }

  return {
    begin(now) {
      epoch = now
      for (const channel of wanted.channels()) unsettled.add(channel)
      settle()
    },
    changed(channel) {
      unsettled.add(channel)
      if (!wanted.isWanted(channel)) waiting.get(channel)?.settle()
      settle()
    },
    /** One timer per channel, not per caller: thousands of feeds start at once. */
    inForce(channel) {
      if (subscribed.get(channel) === nameOf(channel) || !connection.isConnected()) return Promise.resolve()
      const known = waiting.get(channel)
      if (known) return known.coming
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, patienceMs)
      waiting.set(channel, {
        coming: promise,
        settle() {
          clearTimeout(timer)
          waiting.delete(channel)
          resolve()
        },
      })
      return promise
    },
    isConnected: connection.isConnected,
    reconnect: () => current && connection.abandon(current),
    async close() {
      current = undefined
      for (const { settle } of [...waiting.values()]) settle()
      await connection.close()
    },
  }
}
