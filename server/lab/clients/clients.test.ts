import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { bufferingProxy } from '#server/lab/network/buffering-proxy.ts'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { type TestApp, testApp } from '#server/testing/test-app.ts'
import type { ClientEvent, ClientOptions, OpenClient } from './client.ts'
import { clients } from './clients.ts'
import { openPoller } from './polling.ts'
import { openWatchfulStream } from './watchful-stream.ts'

const lateMs = 300
/** The lab's clients, except that polls time out sooner. */
const impatient: Record<string, OpenClient> = {
  'short poll': (going, hear) =>
    openPoller(going, hear, { waitSeconds: 0, nextInMs: () => going.pollMs ?? 0, lateMs }),
  'long poll': (going, hear) => openPoller(going, hear, { waitSeconds: 1, nextInMs: () => 0, lateMs }),
  'event stream': clients.sse,
  socket: clients.socket,
}
const quick = { HEARTBEAT_MS: '200', PING_INTERVAL_MS: '200', PING_TIMEOUT_MS: '200' }

for (const [name, open] of Object.entries(impatient)) {
  test(`Takes a line that is frozen for dead, and comes back to all that it has missed, by ${name}`, async (t) => {
    const { app, person, proxy } = await behindProxy(t)
    const { client, heard } = listen(t, open, { person, port: proxy.port })
    await append(app, person, 1)
    await eventually(() => heard.length === 1 && client.isOpen())
    proxy.freeze()
    await append(app, person, 2)
    await eventually(() => !client.isOpen())
    proxy.thaw()
    await append(app, person, 1)
    await eventually(() => heard.length >= 4 && client.isOpen())
    assert.deepEqual(seqsOf(heard), [1, 2, 3, 4])
    assert.ok(client.counts().reconnects >= 1)
  })
}

test('A naive client does not notice that its line is frozen; an arm for comparison', async (t) => {
  const { app, person, proxy } = await behindProxy(t)
  const naive = listen(t, clients.control, { person, port: proxy.port })
  const ours = listen(t, clients.sse, { person, port: proxy.port })
  await eventually(() => naive.client.isOpen() && ours.client.isOpen())
  proxy.freeze()
  await append(app, person, 1)
  await eventually(() => !ours.client.isOpen())
  assert.ok(naive.client.isOpen())
})

test('A stream that a proxy holds back goes on by long polling, with nothing twice; one whose line is dead does not', async (t) => {
  const { app, person, proxy } = await behindProxy(t)
  const box = await bufferingProxy(app.port)
  t.after(() => box.close())
  proxy.freeze()
  const fellBack: string[] = []
  const follow = (name: string, port: number) =>
    listen(
      t,
      openWatchfulStream(() => fellBack.push(name)),
      { person, port },
    )
  const [held, dead] = [follow('held', box.port), follow('dead', proxy.port)]
  await append(app, person, 2)
  await eventually(() => fellBack.length > 0)
  await append(app, person, 1)
  await eventually(() => held.heard.length >= 3 && held.client.isOpen())
  assert.deepEqual(seqsOf(held.heard), [1, 2, 3])
  assert.ok(!dead.client.isOpen())
  assert.deepEqual(fellBack, ['held'])
  proxy.thaw()
  await eventually(() => dead.heard.length >= 3 && dead.client.isOpen())
  assert.deepEqual(seqsOf(dead.heard), [1, 2, 3])
})

test('Waits as long as it is told when there is no room, and comes in then', async (t) => {
  const one = '1'
  const settings = { MAX_LONG_POLLS_PER_USER: one, MAX_SSE_PER_USER: one, MAX_SOCKETS_PER_USER: one }
  const app = await testApp(t, settings)
  const person = await signedInPerson(app)
  await Promise.all(
    (['long', 'sse', 'socket'] as const).map(async (lane) => {
      const first = listen(t, clients[lane], { person, port: app.port })
      // A long poll is held from its second request on.
      await eventually(
        () => first.client.isOpen() && first.client.counts().requests > (lane === 'long' ? 1 : 0),
      )
      const second = listen(t, clients[lane], { person, port: app.port })
      await eventually(() => second.heard.length === 1)
      assert.deepEqual(second.heard, [{ type: 'refused', status: 429, slug: 'too-many-connections' }], lane)
      const refusedAtMs = performance.now()
      first.client.close()
      await eventually(() => second.client.isOpen())
      assert.ok(performance.now() - refusedAtMs > 4_500, `${lane} was told to wait for 5 s`)
      assert.equal(second.client.counts().refused, 1)
    }),
  )
})

test('Is refused for good when its session ends, and asks no more', async (t) => {
  const app = await testApp(t)
  const person = await signedInPerson(app)
  const { control: _, ...ours } = clients
  const listening = Object.values(ours).map((open) => listen(t, open, { person, port: app.port }))
  await eventually(() => listening.every(({ client }) => client.isOpen()))
  await person.send('POST', '/api/auth/sign-out', {})
  const last = { type: 'refused', status: 401, slug: 'unauthenticated' } as const
  await eventually(() => listening.every(({ heard }) => heard.length === 1))
  for (const { heard, client } of listening) {
    assert.deepEqual(heard, [last])
    assert.equal(client.isOpen(), false)
  }
})

async function behindProxy(t: TestContext) {
  const app = await testApp(t, quick)
  const person = await signedInPerson(app)
  const proxy = await tcpProxy({ port: app.port })
  t.after(() => proxy.close())
  return { app, person, proxy }
}

function listen(t: TestContext, open: OpenClient, { person, port }: { person: Person; port: number }) {
  const heard: ClientEvent[] = []
  const going: ClientOptions = { port, cookie: person.cookie, stream: `user:${person.id}`, pollMs: 50 }
  const client = open(going, (each) => heard.push(each))
  t.after(() => client.close())
  return { client, heard }
}

function append({ context: { log } }: TestApp, { id }: Person, count: number) {
  const entries = Array.from({ length: count }, () => ({ stream: `user:${id}`, type: 'note', data: null }))
  return log.transact((tx) => log.append(tx, entries))
}

function seqsOf(heard: readonly ClientEvent[]): (number | string)[] {
  return heard.map((each) => (each.type === 'entry' ? each.entry.seq : each.type))
}
