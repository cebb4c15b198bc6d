import { setTimeout as pause } from 'node:timers/promises'
import { type RedisServer, redisPath, startRedis } from '#server/engines/redis.ts'
import { startGateway } from '#server/lab/testbed/gateway.ts'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { openEventStream } from '../clients/event-stream.ts'
import { openCarrier } from '../drills/naive/carrier.ts'
import type { Trap } from './trap.ts'

const lookEveryMs = 50
const patienceMs = 30_000

/** Redis restarts while messages are published over it. */
export const trap: Trap = {
  missing: redisPath ? undefined : 'Redis isn’t installed on this machine',
  async run(signal) {
    const redis = await startRedis()
    try {
      return {
        trap: 'redis-pub-sub',
        failing: await plainPubSub(redis, signal),
        working: await wakeUpsAndLog(redis, signal),
      }
    } finally {
      await redis.destroy()
    }
  },
}

/** Two nodes: one publishes, the other has the browser. */
async function plainPubSub(redis: RedisServer, signal: AbortSignal): Promise<TrapArm> {
  const received: string[] = []
  const options = { kind: 'redis', url: redis.url } as const
  const publisher = await openCarrier(options, () => undefined)
  const subscriber = await openCarrier(options, (message) => void received.push(message))
  try {
    publisher.send('one')
    await until(() => received.includes('one'), signal)
    await redis.kill()
    publisher.send('two')
    publisher.send('three')
    await redis.start()
    await until(
      () => received.includes('four'),
      signal,
      () => publisher.send('four'),
    )
    const missing = ['one', 'two', 'three', 'four'].filter((message) => !received.includes(message))
    return {
      title: 'Messages over pub/sub',
      fell: missing.length > 0,
      seen: [
        '“one” to “four” were published; Redis restarted after “one”.',
        `The other node subscribed again by itself, and received “${[...new Set(received)].join('” and “')}”.`,
        'No call on the receiving side failed: nothing tells it that something is missing.',
      ],
    }
  } finally {
    await Promise.all([publisher.close(), subscriber.close()])
  }
}

/** Redis loses only a wake-up; the entry is in the log. */
async function wakeUpsAndLog(redis: RedisServer, signal: AbortSignal): Promise<TrapArm> {
  const settings = { REDIS_URL: redis.url }
  const testbed = await openTestbed({
    runId: 'trap',
    async startNodes(databaseUrl) {
      const gateway = await startGateway(databaseUrl, [], settings)
      const gateways = { short: gateway, long: gateway, sse: gateway, socket: gateway }
      return { webPort: gateway.port, gateways, settings, close: gateway.close }
    },
  })
  const seqs: number[] = []
  const { cookie } = await testbed.person()
  const going = { port: testbed.gateways.sse.port, cookie, stream: testbed.stream }
  const client = openEventStream(going, (heard) => {
    if (heard.type === 'entry') seqs.push(heard.entry.seq)
  })
  try {
    await testbed.writer.say(1)
    await until(() => seqs.length === 1, signal)
    await redis.kill()
    await testbed.writer.say(2)
    await redis.start()
    await testbed.writer.say(1)
    await until(() => seqs.length >= 4, signal)
    return {
      title: 'Wake-ups over pub/sub, entries from a log',
      fell: seqs.join() !== '1,2,3,4',
      seen: [
        'Four entries were written in another process; Redis restarted after the first.',
        `The client of the gateway received ${seqs.join(', ')}, over ${client.counts().reconnects === 0 ? 'one connection' : 'several connections'}.`,
        'A wake-up that is lost costs up to a second: the gateway looks in the log by itself.',
      ],
    }
  } finally {
    client.close()
    await testbed.close()
  }
}

async function until(
  is: () => boolean,
  signal: AbortSignal,
  meanwhile: () => void = () => undefined,
): Promise<void> {
  for (const deadline = performance.now() + patienceMs; !is(); ) {
    if (performance.now() > deadline) return
    meanwhile()
    await pause(lookEveryMs, undefined, { signal })
  }
}
