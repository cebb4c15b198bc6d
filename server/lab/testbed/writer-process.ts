/** Appends to a run's stream with the app's own log, controlled over the IPC channel. */
import { pino } from 'pino'
import { createPostgresBackplane } from '#server/backplane/postgres-backplane.ts'
import { openRedis } from '#server/backplane/redis.ts'
import { createRedisBackplane } from '#server/backplane/redis-backplane.ts'
import { createListener } from '#server/database/listener.ts'
import { openDatabase } from '#server/database/pool.ts'
import { readEnv } from '#server/env.ts'
import { createPostgresLog } from '#server/log/postgres-log.ts'
import { tellRelay } from '#server/log/tell-relay.ts'
import { type Schedule, writeBy } from './write-by.ts'
import type { WriterAnswer, WriterOrder } from './writer.ts'

const [databaseUrl = '', stream = ''] = process.argv.slice(2)
const { REDIS_URL, KAFKA_BROKERS } = readEnv()
const database = openDatabase(databaseUrl, { connections: { transactions: 2, statements: 1 } })
const redis = REDIS_URL ? await openRedis(REDIS_URL, pino({ level: 'silent' })) : undefined
const backplane = redis
  ? createRedisBackplane(redis)
  : createPostgresBackplane(databaseUrl, createListener(databaseUrl))
const log = createPostgresLog(database, backplane, { checkMs: 60_000 })
await log.start()
if (KAFKA_BROKERS.length > 0) tellRelay({ log, backplane })
let number = 0
let stopping = new AbortController()

function entry(payloadBytes: number) {
  number += 1
  return { stream, type: 'lab.event', data: { number, text: 'x'.repeat(payloadBytes) } }
}

/** Retries until committed: Postgres may be unavailable for a while, and what was due is still due. */
async function append(count: number, payloadBytes: number): Promise<void> {
  const entries = Array.from({ length: count }, () => entry(payloadBytes))
  for (;;) {
    try {
      await log.transact((tx) => log.append(tx, entries))
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

const answer = (message: WriterAnswer) => process.send?.(message)

process.on('message', async (order: WriterOrder) => {
  if (order.type === 'stop') stopping.abort()
  else if (order.type === 'say') {
    await append(order.count, order.payloadBytes)
    answer({ type: 'done', id: order.id, written: order.count, lateMs: 0 })
  } else {
    stopping = new AbortController()
    const schedule: Schedule = order.writing
    const { written, lateMs } = await writeBy(schedule, stopping.signal, (count) =>
      append(count, order.writing.payloadBytes),
    )
    answer({ type: 'done', id: order.id, written, lateMs })
  }
})
process.on('disconnect', () => process.exit())
console.log('ready')
