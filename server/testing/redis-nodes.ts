import type { TestContext } from 'node:test'
import { createClient } from '@redis/client'
import type { App } from '#server/app.ts'
import { eventually } from './eventually.ts'
import { signedInPerson } from './person.ts'
import { testRedis } from './redis.ts'
import { appOn, testApp } from './test-app.ts'

/** Two nodes on a database and a Redis of their own, two people, and a Redis client for tampering. */
export async function redisNodes(t: TestContext, settings: Record<string, string> = {}) {
  const redis = await testRedis(t)
  const all = { REDIS_URL: redis.url, CHAT_BURST: '10000', ...settings }
  const one = await testApp(t, all)
  const nodes = [one, await appOn(t, one.databaseUrl, all)] as const
  await connected(nodes)
  const raw = createClient({ url: redis.url })
  raw.on('error', () => undefined)
  await raw.connect()
  t.after(() => raw.destroy())
  return { redis, nodes, raw, people: [await signedInPerson(one), await signedInPerson(one)] as const }
}

/** Waits until all nodes are connected to Redis and receive each other's messages. */
export function connected(nodes: readonly Pick<App, 'context'>[]): Promise<unknown> {
  return eventually(() =>
    nodes.every(({ context }) => context.redis?.isConnected() && context.backplane.isConnected()),
  )
}
