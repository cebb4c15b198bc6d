import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { eventually } from '#server/testing/eventually.ts'
import { insist, noRedis, testRedis } from '#server/testing/redis.ts'
import { openRedis, type Redis } from './redis.ts'
import { createRedisBackplane } from './redis-backplane.ts'
import { RedisUnavailable, RedisUnusable } from './redis-errors.ts'

const skip = noRedis
const password = 'p@ss:w/rd?#% é'
const encoded = encodeURIComponent(password)

test('Signs in as the user of the URL, or with a password alone, also URL-encoded', { skip }, async (t) => {
  const server = await testRedis(t)
  await lock(t, server.url, ['wire@side', 'allchannels'])
  for (const credentials of [`:${encoded}`, `default:${encoded}`, `wire%40side:${encoded}`]) {
    const { redis } = await opened(t, withUser(server.url, credentials))
    assert.equal(await insist(redis, (client) => client.echo('heard')), 'heard')
  }
})

test('A refused user or password ends the start, in words without the password', { skip }, async (t) => {
  const server = await testRedis(t)
  await lock(t, server.url, ['few', 'resetchannels'])
  await refused(server.url, /wants a password/)
  await refused(withUser(server.url, `:${encoded}x`), /refuses the user or the password/)
  await refused(withUser(server.url, `nobody:${encoded}`), /refuses the user or the password/)
  await refused(withUser(server.url, `few:${encoded}`), /not publish to every channel/)
})

test('A cluster is refused', { skip }, async (t) => {
  const server = await testRedis(t, ['--cluster-enabled', 'yes'])
  await refused(server.url, /Redis as a cluster is not supported/)
})

test('What speaks another protocol, or is too old, ends the start, and nothing that it says is repeated', async (t) => {
  const says = async (answer: string | Buffer) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.write(answer))
    })
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    t.after(() => server.close())
    return `127.0.0.1:${port}`
  }
  const http = await says('HTTP/1.1 400 Bad Request\r\n\r\n')
  await refused(`redis://:${encoded}@${http}`, /is not Redis/)
  await refused(`rediss://:${encoded}@${http}`, /is not Redis/)
  const alert = Buffer.from([21, 3, 3, 0, 2, 2, 70])
  await refused(`redis://:${encoded}@${await says(alert)}`, /speaks TLS/)
  const old = await says(
    `-ERR unknown command \`HELLO\`, with args beginning with: \`3\` \`AUTH\` \`${password}\`\r\n`,
  )
  await refused(`redis://:${encoded}@${old}`, /older than Redis 6/)
})

test('TLS by rediss://: a certificate that is not trusted ends the start', { skip }, async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'wireside-redis-'))
  t.after(() => rm(dir, { recursive: true }))
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  const server = await testRedis(
    t,
    ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-auth-clients', 'no'],
    { tls: true },
  )
  await refused(server.url, /certificate is not trusted/)
  const script = `
    import { openRedis } from '#server/backplane/redis.ts'
    const redis = await openRedis(process.argv[1], { warn: console.log, info: console.log })
    console.log(await redis.call((client) => client.echo('over TLS')))
    await redis.close()`
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script, server.url], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: cert },
    encoding: 'utf8',
  })
  assert.equal(said, 'over TLS\n')
})

test('What cannot be reached is connected later, with one warning until it is', { skip }, async (t) => {
  const server = await testRedis(t)
  await server.kill()
  const { redis, lines } = await opened(t, withUser(server.url, `:${encoded}`))
  assert.equal(redis.isConnected(), false)
  await assert.rejects(
    redis.call((client) => client.ping()),
    RedisUnavailable,
  )
  const backplane = createRedisBackplane(redis)
  t.after(backplane.close)
  backplane.begin('epoch')
  // Attempts are at most a second apart.
  await eventually(async () => (await takesMs(() => backplane.subscribe('a', () => undefined))) < 100)
  await server.start()
  await eventually(backplane.isConnected)
  assert.deepEqual(
    lines.map((line) => line.replaceAll(/\d+/g, 'N')),
    [
      'Redis at N.N.N.N:N is away: it cannot be reached, or does not answer. Until it is back, other nodes are heard up to a second late',
      'Redis at N.N.N.N:N is back',
    ],
  )

  for (let time = 0; time < 2; time += 1) {
    await server.kill()
    await eventually(() => !redis.isConnected())
    await server.start()
    await eventually(redis.isConnected)
  }
  assert.equal(lines.length, 6)
  assert.ok(lines.every((line) => !line.includes(password) && !line.includes(encoded)))
})

test('One that hangs holds up the first call for 200 ms and the next not at all; its memory is bounded', {
  skip,
}, async (t) => {
  const server = await testRedis(t)
  const { redis } = await opened(t, server.url)
  server.freeze()
  t.after(server.thaw)
  const unheard = () =>
    assert.rejects(
      redis.call((client) => client.ping()),
      RedisUnavailable,
    )
  const firstMs = await takesMs(unheard)
  assert.ok(firstMs >= 150 && firstMs < 1_500, `${firstMs}`)
  const later = new Promise((resolve) => setImmediate(resolve, 'held up'))
  assert.equal(await Promise.race([unheard(), later]), undefined)
  server.thaw()
  await eventually(redis.isConnected)

  server.freeze()
  // All calls before the first one times out: afterwards none is queued.
  const calls = Array.from({ length: 11_000 }, () =>
    redis.call((client) => client.set('key', 'x'.repeat(1_000))),
  )
  const outcomes = await Promise.allSettled(calls)
  const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
  assert.ok(reasons.every((reason) => reason instanceof RedisUnavailable))
  const notQueued = reasons.filter(
    ({ cause }) => cause instanceof Error && cause.message === 'The queue is full',
  )
  assert.ok(notQueued.length >= 1_000, `${notQueued.length}`)
  server.thaw()
  await eventually(redis.isConnected)
  assert.equal(await insist(redis, (client) => client.echo('heard')), 'heard')
})

test('Several epochs on one Redis do not hear each other, and one that changes is heard in the new one', {
  skip,
}, async (t) => {
  const server = await testRedis(t)
  const nodes = await Promise.all(
    ['old', 'old', 'new'].map(async (epoch) => {
      const { redis } = await opened(t, server.url)
      const backplane = createRedisBackplane(redis)
      t.after(backplane.close)
      backplane.begin(epoch)
      await eventually(backplane.isConnected)
      const heard: string[] = []
      await backplane.subscribe('a', (message) => heard.push(message))
      return { backplane, heard }
    }),
  )
  const [writer, changing, other] = nodes as [(typeof nodes)[0], (typeof nodes)[0], (typeof nodes)[0]]
  writer.backplane.publish('a', 'old')
  await eventually(() => changing.heard.includes('old'))
  for (const { backplane } of [changing, writer]) backplane.begin('new')
  await eventually(() => {
    writer.backplane.publish('a', 'new')
    return changing.heard.includes('new')
  })
  assert.ok(!other.heard.includes('old'))
  await eventually(() => other.heard.includes('new'))
})

test('Whoever subscribes after the epoch has changed waits until it is in force in the new one', {
  skip,
}, async (t) => {
  const server = await testRedis(t)
  const { redis } = await opened(t, server.url)
  const backplane = createRedisBackplane(redis)
  t.after(backplane.close)
  backplane.begin('epoch0')
  await eventually(backplane.isConnected)
  await backplane.subscribe('a', () => undefined)
  let inForce = 0
  for (let life = 1; life <= 20; life += 1) {
    backplane.begin(`epoch${life}`)
    await backplane.subscribe('a', () => undefined)
    const name = `epoch${life}:a`
    const subscribers = await insist(redis, (client) => client.pubSubNumSub([name]))
    inForce += Number(subscribers[name])
  }
  // A busy machine may exceed the 200 ms.
  assert.ok(inForce > 15, `${inForce} of 20`)
})

test('What is no message of ours is passed over', { skip }, async (t) => {
  const server = await testRedis(t)
  const { redis } = await opened(t, server.url)
  const backplane = createRedisBackplane(redis)
  t.after(backplane.close)
  backplane.begin('epoch')
  await eventually(backplane.isConnected)
  const heard: string[] = []
  await backplane.subscribe('a', (message) => heard.push(message))
  const other = await opened(t, server.url)
  const garbage = [
    '',
    '1',
    'null',
    '[',
    '{}',
    '[1,2]',
    '["n"]',
    '["n",1]',
    '["n","m","o"]',
    'x'.repeat(1_000_000),
  ]
  for (const payload of [...garbage, Buffer.from([0xff, 0xfe, 0]), '["n","fence"]']) {
    await insist(other.redis, (client) => client.publish('epoch:a', payload))
  }
  await eventually(() => heard.length > 0)
  assert.deepEqual(heard, ['fence'])
})

function withUser(url: string, credentials: string): string {
  return url.replace('//', `//${credentials}@`)
}

/** Requires the password from everyone, as the default user or as another one. */
async function lock(t: TestContext, url: string, [name = '', rights = '']: string[]) {
  const { redis } = await opened(t, url)
  await insist(redis, async (client) => {
    await client.aclSetUser(name, ['on', `>${password}`, '~*', '+@all', rights])
    await client.configSet('requirepass', password)
  })
  await redis.close()
}

/** A client that is closed after the test, and the lines that it has logged. */
async function opened(t: TestContext, url: string): Promise<{ redis: Redis; lines: string[] }> {
  const lines: string[] = []
  const note = (line: unknown) => lines.push(String(line))
  const redis = await openRedis(url, { warn: note, info: note })
  t.after(redis.close)
  return { redis, lines }
}

async function refused(url: string, why: RegExp) {
  const lines: unknown[] = []
  const note = (line: unknown) => lines.push(line)
  await assert.rejects(openRedis(url, { warn: note, info: note }), (error) => {
    assert.ok(error instanceof RedisUnusable)
    assert.match(error.message, why)
    assert.match(error.message, /^REDIS_URL: 127\.0\.0\.1:\d+: [^\n]+$/)
    for (const secret of [password, encoded]) assert.ok(!error.message.includes(secret))
    assert.equal(error.cause, undefined)
    return true
  })
  assert.deepEqual(lines, [])
}

async function takesMs(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
