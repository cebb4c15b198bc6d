import assert from 'node:assert/strict'
import { after, before, suite, type TestContext, test } from 'node:test'
import { freePort } from '#server/database/ports.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { programPath } from '#server/engines/program-path.ts'
import { redisPath } from '#server/engines/redis.ts'
import { clients } from '#server/lab/clients/clients.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { eventually } from '#server/testing/eventually.ts'
import { h2Connection } from '#server/testing/h2.ts'
import { append } from '#server/testing/kafka-nodes.ts'
import { type Person, password, signedInPerson, signIn } from '#server/testing/person.ts'
import { appOn, type TestApp } from '#server/testing/test-app.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { startBalancer } from './balancer.ts'
import { type Cluster, openCluster } from './open-cluster.ts'

const missing = Object.entries({
  haproxy: haproxyPath,
  openssl: programPath('openssl'),
  'redis-server': redisPath,
})
  .flatMap(([name, path]) => (path ? [] : [name]))
  .join(', ')
const skip = missing ? `this machine lacks ${missing}` : false

suite('Two gateways and a web behind HAProxy', { skip }, () => {
  const endings: (() => unknown)[] = []
  const hooks = { after: (end: () => unknown) => void endings.push(end) }
  let cluster: Cluster
  /** A node in this process, which writes what the others deliver. */
  let writer: TestApp
  let person: Person

  before(async () => {
    const { url } = await testDatabase(hooks)
    cluster = await openCluster({
      ...{ gateways: 2, webs: 1, others: ['worker'], databaseUrl: url },
      secret: 'a secret that only tests know, and long enough',
      engines: { without: ['kafka'] },
      settings: { PAGES: 'off', LAB: 'on', LOG_LEVEL: 'warn', SIGN_IN_FAILURES_PER_MINUTE: '3' },
    })
    hooks.after(cluster.close)
    writer = {
      ...(await appOn(hooks, url, { ROLES: 'web', REDIS_URL: cluster.engines.redis?.url ?? '' })),
      databaseUrl: url,
    }
    const user = await signedInPerson({ port: portOf('web-1'), databaseUrl: url })
    person = { ...user, ...(await signIn(user.port, user.email)) }
  })
  after(async () => {
    for (const end of endings.toReversed()) await end()
  })
  const portOf = (name: string) => cluster.nodes().find((node) => node.name === name)?.port ?? 0
  const h2 = (t: TestContext) => h2Connection(t, cluster.entrance, cluster.certFile ?? '')

  test('Signs in, follows a stream and a socket, all over one connection of HTTP/2.', async (t) => {
    const connection = await h2(t)
    const credentials = { email: person.email, password }
    const signedIn = await connection.text(
      { ':path': '/api/auth/sign-in/email', origin: cluster.entrance },
      credentials,
    )
    assert.equal(signedIn.status, 200, signedIn.text)
    const cookies = signedIn.headers['set-cookie'] ?? []
    assert.match(cookies[0] ?? '', /^__Secure-.*Secure/)
    const cookie = cookies.map((line) => line.split(';')[0]).join('; ')

    const stream = `lab:${t.name.length}`
    const events = await connection.request({
      ...{ ':path': `/api/streams/${stream}?after=now`, accept: 'text/event-stream', cookie },
    })
    assert.match(events.headers['content-type'] ?? '', /^text\/event-stream/)
    let frames = ''
    events.stream.setEncoding('utf8').on('data', (text: string) => {
      frames += text
    })
    const socket = await connection.socket({ cookie, origin: cluster.entrance })
    socket.send(`421${JSON.stringify(['follow', { stream }])}`)
    await socket.hear(/^431\[\{"ok":true/)
    await append(writer, stream, ['over both'])
    await socket.hear(/over both/)
    await eventually(() => frames.includes('over both'))
  })

  test('A page of a foreign origin opens no socket, over HTTP/2 as little as before.', async (t) => {
    const connection = await h2(t)
    await assert.rejects(connection.socket({ cookie: person.cookie, origin: 'https://evil.example' }), /403/)
  })

  test('Counts wrong passwords by the address that HAProxy sees, not by one that a client makes up.', async (t) => {
    const connection = await h2(t)
    const statuses: number[] = []
    for (let n = 0; n < 5; n += 1) {
      const { status } = await connection.text(
        { ':path': '/api/auth/sign-in/email', origin: cluster.entrance, 'x-forwarded-for': `10.0.0.${n}` },
        { email: 'nobody@example.test', password: 'wrong password' },
      )
      statuses.push(status)
    }
    assert.deepEqual(statuses.slice(-2), [429, 429])
    assert.deepEqual(statuses.slice(0, 3), [401, 401, 401])
  })

  test('Shows its metrics to nobody who comes through the balancer.', async (t) => {
    const { status } = await (await h2(t)).text({ ':path': '/metrics' })
    assert.equal(status, 404)
  })

  test('When a gateway is killed, its clients are back on the other with all that was written meanwhile.', async (t) => {
    const stream = 'lab:killed'
    const crowd = await openCrowd(t, stream)
    const kept = cluster.nodes()[0]
    assert.ok(kept)
    const pid = kept.pid()
    await write(stream, 20, async (n) => {
      if (n === 5) await kept.kill()
    })
    await crowd.haveAll(20)
    assert.ok(crowd.reconnects() > 0)
    await eventually(() => kept.state() === 'ready' && kept.pid() !== pid)
  })

  test('Gateways and webs that drain and come back lose nothing, and fail no request.', async (t) => {
    const stream = 'lab:drained'
    await cluster.add('web')
    const crowd = await openCrowd(t, stream)
    const added = await cluster.add('gateway')
    const restarting = [cluster.drain(added), cluster.nodes()[0]?.restart(), webOf(cluster)?.restart()]
    let isOver = false
    void Promise.allSettled(restarting).then(() => {
      isOver = true
    })
    const connection = await h2(t)
    const statuses = new Set<number>()
    let written = 0
    while (!isOver) {
      await append(writer, stream, [`${written}`])
      written += 1
      const answers = await Promise.all([
        connection.text({ ':path': '/api/openapi.json' }),
        connection.text({ ':path': `/api/streams/${stream}?after=now`, cookie: person.cookie }),
      ])
      for (const { status } of answers) statuses.add(status)
    }
    await Promise.all(restarting)
    await crowd.haveAll(written)
    assert.deepEqual(statuses, new Set([200]))
    assert.equal(cluster.nodes().includes(added), false)
  })

  /**
   * Clients of each delivery. They connect through a second balancer in front of the same nodes, because they speak
   * plain HTTP only.
   */
  async function openCrowd(t: TestContext, stream: string) {
    const port = await freePort()
    const servers = { gateways: portsOf('gateway'), webs: portsOf('web') }
    const balancer = await startBalancer({ host: '127.0.0.1', port, baseUrl: cluster.entrance, servers })
    t.after(balancer.destroy)
    const names: DeliveryName[] = ['short', 'long', 'sse', 'socket']
    const crowd = names.flatMap((name) =>
      Array.from({ length: 4 }, () => {
        const seqs: number[] = []
        const client = clients[name]({ port, cookie: person.cookie, stream, pollMs: 300 }, (heard) => {
          if (heard.type === 'entry') seqs.push(heard.entry.seq)
        })
        t.after(client.close)
        return { ...client, seqs, name }
      }),
    )
    await eventually(() => crowd.every((client) => client.isOpen()))
    return {
      reconnects: () => crowd.reduce((sum, client) => sum + client.counts().reconnects, 0),
      /** Expects each entry once and in order. */
      async haveAll(count: number) {
        const all = Array.from({ length: count }, (_, n) => n + 1)
        await eventually(() => crowd.every(({ seqs }) => seqs.length >= count))
        for (const { name, seqs } of crowd) assert.deepEqual(seqs, all, name)
      },
    }
  }

  async function write(stream: string, count: number, before: (n: number) => Promise<void>) {
    for (let n = 0; n < count; n += 1) {
      await before(n)
      await append(writer, stream, [`${n}`])
    }
  }

  function portsOf(roles: string): Map<string, number> {
    const nodes = cluster.nodes().filter((node) => node.roles === roles)
    return new Map(nodes.map(({ name, port }) => [name, port]))
  }
})

const webOf = (cluster: Cluster) => cluster.nodes().find(({ roles }) => roles === 'web')
