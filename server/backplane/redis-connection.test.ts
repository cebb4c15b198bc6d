import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TimedOut } from '#server/database/with-timeout.ts'
import { countingLine } from '#server/testing/counting-line.ts'
import { eventually } from '#server/testing/eventually.ts'
import { noRedis, testRedis } from '#server/testing/redis.ts'
import { keepRedisConnection } from './redis-connection.ts'

test('A stall across a check, and the loss of the connection soon after, leave nobody without one for ever', {
  skip: noRedis,
}, async (t) => {
  const redis = await testRedis(t)
  const line = await countingLine(t, redis.port)
  let losses = 0
  const onLost = () => {
    losses += 1
  }
  const address = { host: '127.0.0.1', port: line.port, tls: false, database: 0 }
  const { connection, first } = keepRedisConnection(address, { onLost })
  t.after(connection.close)
  await first

  redis.freeze()
  t.after(redis.thaw)
  const before = line.passed.bytesUp
  // Nothing calls it, so this is a check.
  await eventually(() => line.passed.bytesUp > before)
  await assert.rejects(
    connection.call((client) => client.echo('unheard')),
    ({ cause }: Error) => cause instanceof TimedOut,
  )
  redis.thaw()
  await eventually(connection.isConnected)
  assert.equal(await connection.call((client) => client.echo('heard')), 'heard')

  line.refuse()
  // Past the next check, due within a second: attempts are made after 0.1, 0.3, 0.7 and 1.5 s.
  await eventually(() => losses >= 5)
  line.accept()
  await eventually(connection.isConnected)
})
