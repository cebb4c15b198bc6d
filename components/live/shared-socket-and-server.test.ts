import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import type { WireTicks } from '#server/protocol/trading.ts'
import { eventually } from '#server/testing/eventually.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { messagesIn, roomOf } from '#server/testing/rooms.ts'
import { fileApp, testApp } from '#server/testing/test-app.ts'
import type { Packet } from './open-socket.ts'
import { realSocket } from './testing/real-socket.ts'

const app = await fileApp({ CHAT_BURST: '1000', MAX_SOCKETS_PER_USER: '500', TICKS_PER_SECOND: '100' })

test('Says and hears in a room over one socket, and notes each packet as it is on the wire', async (t) => {
  const { ann, bob, room } = await talk()
  const packets: Packet[] = []
  const near = realSocket(t, ann, { socketPort: app.port, onPacket: (packet) => packets.push(packet) })
  const far = realSocket(t, bob, { socketPort: app.port })
  const heard = far.follow(room)
  await Promise.all([near.until('live'), far.until('live')])
  const sent = await near.line.send('chat:send', { roomId: room.id, clientId: 'c1', body: 'hello' })
  assert.ok(sent.state === 'done' && sent.value.message.body === 'hello')
  await eventually(() => heard.bodies().length === 1)
  assert.equal(near.line.view().reconnects, 0)
  assert.ok((near.line.view().ackMs ?? -1) >= 0)
  const texts = packets.flatMap((packet) =>
    packet.type === 'packet' ? [`${packet.direction} ${packet.text}`] : [],
  )
  assert.match(texts[0] ?? '', /^received 0\{"sid":/)
  assert.equal(texts[1], 'sent 40')
  assert.ok(texts.some((text) => text.startsWith('sent 420["chat:send",{')))
  assert.ok(texts.some((text) => text.startsWith('received 430[{"ok":true,"seq":')))
  assert.deepEqual(
    packets.flatMap(({ type }) => (type === 'packet' ? [] : [type])),
    ['opening', 'opened'],
  )
})

test('Through a cut: each message once and in order, on both sides and after a reload', async (t) => {
  const { ann, bob, room } = await talk()
  const proxy = await tcpProxy({ port: app.port })
  t.after(() => proxy.close())
  const near = realSocket(t, ann, { socketPort: proxy.port })
  const far = realSocket(t, bob, { socketPort: proxy.port })
  const [own, heard] = [near.follow(room), far.follow(room)]
  const outbox = near.outbox()
  await Promise.all([near.until('live'), far.until('live')])
  const bodies = Array.from({ length: 30 }, (_, n) => `message ${n}`)
  for (const [n, body] of bodies.entries()) {
    outbox.add(room.id, { body })
    if (n === 5 || n === 15) {
      const before = near.line.view().reconnects
      proxy.cut()
      await near.untilView(({ reconnects }) => reconnects > before)
    }
  }
  await eventually(() => outbox.isEmpty && heard.bodies().length >= 30 && own.bodies().length >= 30)
  await fence(ann, room.id, heard, own)
  assert.deepEqual(heard.bodies(), [...bodies, 'fence'])
  assert.deepEqual(own.bodies(), [...bodies, 'fence'])
  assert.deepEqual(
    (await messagesIn(bob, room.id)).map(({ body }) => body),
    [...bodies, 'fence'],
  )
  assert.ok(near.line.view().reconnects >= 2)
})

test('A message whose acknowledgement was lost is sent again by the same name, and is there once', async (t) => {
  const { ann, bob, room } = await talk()
  const proxy = await tcpProxy({ port: app.port })
  t.after(() => proxy.close())
  const near = realSocket(t, ann, { socketPort: proxy.port })
  const heard = realSocket(t, bob, { socketPort: app.port }).follow(room)
  await near.until('live')
  const outbox = near.outbox()
  const held = await holdHead(room.name)
  outbox.add(room.id, { body: 'one' })
  await held.waitedFor()
  proxy.refuse()
  proxy.cut()
  await held.release()
  await eventually(() => heard.bodies().length === 1)
  assert.equal(outbox.pending(room.id)[0]?.state, 'waiting')
  proxy.accept()
  near.line.tryNow()
  await eventually(() => outbox.isEmpty)
  await fence(ann, room.id, heard)
  assert.deepEqual(heard.bodies(), ['one', 'fence'])
  assert.equal((await messagesIn(bob, room.id)).length, 2)
})

test('Cut at once three times: the room works on over HTTP, and the socket takes over without loss or repeat', async (t) => {
  const { ann, bob, room } = await talk()
  const proxy = await tcpProxy({ port: app.port })
  t.after(() => proxy.close())
  let cuts = 0
  const near = realSocket(t, ann, {
    socketPort: proxy.port,
    httpPort: app.port,
    onPacket(packet) {
      if (packet.type !== 'opened' || cuts >= 3) return
      cuts += 1
      proxy.cut()
    },
  })
  const far = realSocket(t, bob, { socketPort: app.port })
  const [own, heard] = [near.follow(room), far.follow(room)]
  await near.until('fallback')
  assert.deepEqual([cuts, near.line.view().fallbackReason], [3, { how: 'cut-at-once' }])
  const outbox = near.outbox()
  outbox.add(room.id, { body: 'over HTTP' })
  await eventually(() => own.bodies().length === 1 && heard.bodies().length === 1)
  near.line.tryNow()
  await near.until('live')
  outbox.add(room.id, { body: 'over the socket' })
  await eventually(() => own.bodies().length === 2 && heard.bodies().length === 2)
  assert.deepEqual(own.bodies(), ['over HTTP', 'over the socket'])
  assert.deepEqual(own.seqs(), heard.seqs())
})

test('An upgrade that is refused while everything else is answered: over HTTP, with prices and orders', async (t) => {
  const ann = await signedInPerson(app)
  const proxy = await tcpProxy({ port: app.port })
  t.after(() => proxy.close())
  proxy.refuse()
  const near = realSocket(t, ann, { socketPort: proxy.port, httpPort: app.port })
  await near.until('fallback')
  assert.deepEqual(near.line.view().fallbackReason, { how: 'refused-upgrade' })
  const [symbol = ''] = await symbols(ann)
  const frames: WireTicks[] = []
  const watching = near.line.watchPrices([symbol], (event) => frames.push(event))
  await eventually(() => frames.length >= 1)
  watching.stop()
  const account = near.follow({ name: 'account', after: 'now' })
  const order = { symbol, side: 'buy', type: 'limit', quantity: 1, limitPriceMinor: 1 } as const
  const placed = await near.line.send('order:place', { ...order, clientOrderId: 'o1' })
  const again = await near.line.send('order:place', { ...order, clientOrderId: 'o1' })
  assert.ok(placed.state === 'done' && again.state === 'done')
  assert.equal(again.value.id, placed.value.id)
  const cancelled = await near.line.send('order:cancel', { orderId: placed.value.id })
  assert.ok(cancelled.state === 'done')
  assert.equal(cancelled.value.order.status, 'cancelled')
  account.stop()
})

test('Without a session the line ends at once, and says so', async (t) => {
  const packets: Packet[] = []
  const stranger = realSocket(
    t,
    { cookie: '' },
    { socketPort: app.port, onPacket: (packet) => packets.push(packet) },
  )
  await stranger.until('signed-out')
  assert.equal(stranger.line.view().lastError?.status, 401)
  assert.deepEqual(
    packets.map(({ type }) => type),
    ['opening', 'closed'],
  )
})

test('A socket more than a user may have is told from a line that is down: the page works on without', async (t) => {
  const small = await testApp(t, { MAX_SOCKETS_PER_USER: '1' })
  const person = await signedInPerson(small)
  const first = realSocket(t, person, { socketPort: small.port })
  await first.until('live')
  const second = realSocket(t, person, { socketPort: small.port })
  await second.until('fallback')
  assert.equal(first.line.view().state, 'live')
})

test('Why a connection was closed is told with it', async (t) => {
  const ann = await signedInPerson(app)
  const proxy = await tcpProxy({ port: app.port })
  t.after(() => proxy.close())
  const closed: string[] = []
  const near = realSocket(t, ann, {
    socketPort: proxy.port,
    onPacket: (packet) => packet.type === 'closed' && closed.push(`${packet.socket} ${packet.why}`),
  })
  await near.until('live')
  proxy.cut()
  await near.untilView(({ reconnects }) => reconnects === 1)
  near.line.tryNow()
  await near.untilView(({ reconnects }) => reconnects === 2)
  assert.match(closed[0] ?? '', /^1 transport (close|error)$/)
  assert.deepEqual(closed.slice(1), ['2 io client disconnect'])
})

test('Prices come as a snapshot and then as they change', async (t) => {
  const ann = await signedInPerson(app)
  const near = realSocket(t, ann, { socketPort: app.port })
  const all = await symbols(ann)
  const frames: WireTicks[] = []
  const watching = near.line.watchPrices(all, (event) => frames.push(event))
  await eventually(() => frames.length >= 3)
  assert.equal(frames[0]?.ticks.length, all.length)
  watching.stop()
})

test('Put out of a room the listener is told within 2 s; signed out the line ends, and does not try again', async (t) => {
  const { ann, bob, room } = await talk()
  const far = realSocket(t, bob, { socketPort: app.port })
  const heard = far.follow(room)
  const others = far.follow({ name: 'me', after: 'now' })
  await far.until('live')
  const putOutAt = performance.now()
  const answer = await ann.send('DELETE', `/api/rooms/${room.id}/members/${bob.id}`)
  assert.ok(answer.ok, await answer.text())
  await eventually(() => heard.ends.length === 1)
  assert.ok(performance.now() - putOutAt < 2_000)
  const refused = far.follow(room)
  await eventually(() => refused.ends.length === 1)
  assert.ok([403, 404].includes(refused.ends[0] ?? 0))
  assert.equal(far.line.view().state, 'live')
  await bob.send('POST', '/api/auth/sign-out', {})
  await far.until('signed-out')
  assert.deepEqual(others.ends, [])
})

test('A line that is silent without being closed is given up by its missing pings', async (t) => {
  const quick = await testApp(t, { PING_INTERVAL_MS: '200', PING_TIMEOUT_MS: '300' })
  const person = await signedInPerson(quick)
  const proxy = await tcpProxy({ port: quick.port })
  t.after(() => proxy.close())
  const near = realSocket(t, person, { socketPort: proxy.port })
  await near.until('live')
  const pausedAt = performance.now()
  proxy.freeze()
  await near.until('opening')
  const tookMs = performance.now() - pausedAt
  assert.ok(tookMs < 1_500, `It took ${tookMs} ms`)
  proxy.cut()
  proxy.thaw()
  await near.until('live')
  assert.equal(near.line.view().reconnects, 1)
})

test('A herd whose lines are cut all at once comes back spread out, and misses nothing', async (t) => {
  const { ann, room } = await talk()
  const proxy = await tcpProxy({ port: app.port })
  t.after(() => proxy.close())
  const herd = Array.from({ length: 100 }, () => realSocket(t, ann, { socketPort: proxy.port }))
  const readers = herd.map((one) => one.follow(room))
  await Promise.all(herd.map((one) => one.until('live')))
  proxy.cut()
  const cutAt = performance.now()
  const backAt = await Promise.all(
    herd.map((one) =>
      one.untilView(({ reconnects }) => reconnects === 1).then(() => performance.now() - cutAt),
    ),
  )
  await say(ann, room.id, 'after')
  await eventually(() => readers.every((reader) => reader.bodies().length === 1))
  assert.ok(Math.max(...backAt) < 5_000, `The last took ${Math.max(...backAt)} ms`)
  assert.ok(Math.max(...backAt) - Math.min(...backAt) > 200, 'They came back as one')
})

async function talk() {
  const [ann, bob] = [await signedInPerson(app), await signedInPerson(app)]
  const { id, cursor } = await roomOf(ann, [bob])
  return { ann, bob, room: { id, name: `room:${id}`, after: cursor } }
}

async function say(person: Person, roomId: string, body: string) {
  const answer = await person.send('POST', `/api/rooms/${roomId}/messages`, {
    clientId: crypto.randomUUID(),
    body,
  })
  assert.equal(answer.status, 201, await answer.text())
}

/** Sends one more message, and waits until every reader has received it: everything before it has arrived. */
async function fence(person: Person, roomId: string, ...readers: { bodies(): string[] }[]) {
  await say(person, roomId, 'fence')
  await eventually(() => readers.every((reader) => reader.bodies().includes('fence')))
}

async function symbols(person: Person): Promise<string[]> {
  const answer = await person.get('/api/instruments')
  return ((await answer.json()) as { symbol: string }[]).map(({ symbol }) => symbol)
}

/** Locks a stream's head row, so that appending to it waits. */
async function holdHead(stream: string) {
  const client = new pg.Client({ connectionString: app.databaseUrl })
  await client.connect()
  await client.query('BEGIN')
  await client.query('SELECT 1 FROM log_head WHERE stream = $1 FOR UPDATE', [stream])
  return {
    waitedFor: () =>
      eventually(async () => {
        const { rows } = await client.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        return rows.length > 0
      }),
    async release() {
      await client.query('COMMIT')
      await client.end()
    },
  }
}
