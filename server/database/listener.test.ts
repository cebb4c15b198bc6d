import assert from 'node:assert/strict'
import dns from 'node:dns'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type TcpProxy, tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { eventually } from '#server/testing/eventually.ts'
import { onServer } from '#server/testing/test-cluster.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { createListener, type Listener } from './listener.ts'

const checkMs = 150
const never = 3_600_000

type Heard = Listener & { heard: string[]; connects(): number }

/** A listener on channel `news`, connected through `line`. */
function listening(t: TestContext, url: string, line: { port: number }, ms = checkMs): Heard {
  const through = Object.assign(new URL(url), { port: String(line.port) }).href
  const listener = createListener(through, { checkMs: ms })
  const heard: string[] = []
  let connects = 0
  listener.on('news', (payload) => heard.push(payload))
  listener.onConnect(() => {
    connects += 1
  })
  listener.start()
  t.after(listener.close)
  return { ...listener, heard, connects: () => connects }
}

async function lineTo(t: TestContext, url: string): Promise<TcpProxy> {
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  return line
}

const notify = (url: string, payload: string) => onServer(url, `NOTIFY news, '${payload}'`)

/** Two listeners on such a connection, one that checks itself by notifying itself, and one that does not. */
async function checkedAndNot(t: TestContext) {
  const { url } = await testDatabase(t)
  const line = await lineTo(t, url)
  const checked = listening(t, url, line)
  const unchecked = listening(t, url, line, never)
  await eventually(() => checked.isConnected() && unchecked.isConnected())
  await notify(url, 'before')
  await eventually(() => checked.heard.length > 0 && unchecked.heard.length > 0)
  return { url, line, checked, unchecked }
}

for (const [how, carries] of [
  ['carries nothing any more', {}],
  ['carries what is sent, and no answer', { there: true }],
] as const) {
  test(`L6 A connection that ${how}, and is never closed, is left for another; unchecked it is trusted for ever.`, async (t) => {
    const { url, line, checked, unchecked } = await checkedAndNot(t)
    line.swallow(carries)
    await eventually(() => checked.connects() === 2 && checked.isConnected())
    await notify(url, 'after')
    await eventually(() => checked.heard.length === 2)
    assert.deepEqual(checked.heard, ['before', 'after'])
    assert.deepEqual(unchecked.heard, ['before'])
    assert.ok(unchecked.isConnected(), 'and does not know it')
  })
}

test('L6 A connection on which nothing can be asked is left too, though notifications still come.', async (t) => {
  const { url, line, checked } = await checkedAndNot(t)
  line.swallow({ back: true })
  await eventually(() => checked.connects() === 2 && checked.isConnected())
  await notify(url, 'after')
  await eventually(() => checked.heard.includes('after'))
})

test('L6 A session that has forgotten its LISTEN answers, and is left all the same.', async (t) => {
  const { url } = await testDatabase(t)
  // On the first connections, Postgres receives LISTEN as a comment.
  let deafened = 2
  const middle = createServer((near) => {
    const deafen = deafened > 0
    deafened -= 1
    const far = connect(Number(new URL(url).port), '127.0.0.1')
    near.on('data', (bytes) => {
      const text = bytes.toString('latin1')
      far.write(deafen ? Buffer.from(text.replaceAll('LISTEN', '--STEN'), 'latin1') : bytes)
    })
    far.pipe(near)
    for (const socket of [near, far]) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        near.destroy()
        far.destroy()
      })
    }
  })
  await once(middle.listen(0, '127.0.0.1'), 'listening')
  t.after(() => void middle.close())
  const line = middle.address() as AddressInfo
  const unchecked = listening(t, url, line, never)
  await eventually(unchecked.isConnected)
  const checked = listening(t, url, line)
  await eventually(() => checked.connects() === 2 && checked.isConnected())
  await notify(url, 'after')
  await eventually(() => checked.heard.length > 0)
  assert.deepEqual(unchecked.heard, [])
  assert.ok(unchecked.isConnected())
})

test('L6 A connection that cannot be had, or answers no LISTEN, is given up for the next within the same time.', async (t) => {
  const { url } = await testDatabase(t)
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => void sockets.add(socket.on('error', () => undefined)))
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const nobody = listening(t, url, silent.address() as AddressInfo)
  await eventually(() => sockets.size >= 3)
  assert.equal(nobody.isConnected(), false)

  const line = await lineTo(t, url)
  line.holdAnswers()
  const held = listening(t, url, line)
  await eventually(() => line.bytesUp() > 0)
  line.swallow()
  line.thaw()
  await eventually(held.isConnected)
})

test('L6 A name that is never resolved holds up one attempt, not all.', async (t) => {
  const { url } = await testDatabase(t)
  const lookups = t.mock.method(dns, 'lookup', () => undefined)
  const named = Object.assign(new URL(url), { hostname: 'localhost' }).href
  const listener = createListener(named, { checkMs })
  listener.start()
  t.after(listener.close)
  await eventually(() => lookups.mock.callCount() >= 2)
  lookups.mock.restore()
  await eventually(listener.isConnected)
})

test('L6 A doubt takes another connection, and soon after it no third.', async (t) => {
  const { url } = await testDatabase(t)
  const listener = listening(t, url, await lineTo(t, url), never)
  await eventually(listener.isConnected)
  listener.doubt()
  assert.equal(listener.isConnected(), false)
  await eventually(listener.isConnected)
  listener.doubt()
  assert.ok(listener.isConnected())
  assert.equal(listener.connects(), 2)
})

test('What fails to catch up is tried again on the same connection, in its order.', async (t) => {
  const { url } = await testDatabase(t)
  const listener = createListener(url, { checkMs })
  const order: string[] = []
  let failures = 2
  listener.onConnect(async () => {
    order.push('first')
    failures -= 1
    if (failures >= 0) throw new Error('The pool is exhausted')
  })
  listener.onConnect(() => void order.push('second'))
  listener.start()
  t.after(listener.close)
  await eventually(listener.isConnected)
  assert.deepEqual(order, ['first', 'first', 'first', 'second'])
})
