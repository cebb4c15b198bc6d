import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import type { Network } from '#server/protocol/lab-schemas.ts'
import { eventually } from '#server/testing/eventually.ts'
import { openLink } from './open-link.ts'

test('A clean line counts exactly what both ends counted, over all its connections.', async (t) => {
  const { line, reach, server } = await lineTo(t, { kind: 'clean' })
  let sent = 0
  let heard = 0
  for (const size of [1, 70_000, 3_000_000]) {
    const client = await reach()
    client.end(Buffer.alloc(size))
    sent += size
    heard += await bytesOf(client)
    if (!client.closed) await once(client, 'close')
  }
  assert.deepEqual([line.bytesUp(), line.bytesDown()], [sent, heard])
  assert.deepEqual([line.bytesUp(), line.bytesDown()], [server.heardBytes(), server.heardBytes()])
  await eventually(() => line.open() === 0)
})

test('A slow line is late in each direction by no less than its delay less its jitter, and keeps the order.', async (t) => {
  const { reach } = await lineTo(t, { kind: 'slow', delayMs: 30, jitterMs: 20 })
  const client = await reach()
  const heard = gathered(client)
  let said = ''
  for (let n = 0; n < 40; n += 1) {
    said += `${n},`
    const saidAtMs = performance.now()
    client.write(`${n},`)
    // Some are sent alone and wait for their echo, the others back to back.
    if (n % 8 !== 0) continue
    await eventually(() => heard.text() === said)
    assert.ok(performance.now() - saidAtMs >= 2 * (30 - 20))
  }
  await eventually(() => heard.text() === said)
})

test('A slow line carries the end after what was said before it.', async (t) => {
  const { reach } = await lineTo(t, { kind: 'slow', delayMs: 20, jitterMs: 19 })
  const client = await reach()
  const heard = gathered(client)
  client.write('one ')
  client.end('two')
  await once(client, 'end')
  assert.equal(heard.text(), 'one two')
})

test('A slow line holds no more than it may of what its receiver does not read, and loses none of it.', async (t) => {
  const bytes = 40_000_000
  const { reach, server } = await lineTo(t, { kind: 'slow', delayMs: 1, jitterMs: 0 })
  const unread = await reach()
  unread.pause()
  unread.end(Buffer.alloc(bytes))
  // The fence: the same amount passes completely beside it, which is time enough for an unobstructed connection.
  const beside = await reach()
  beside.end(Buffer.alloc(bytes))
  assert.equal(await bytesOf(beside), bytes)
  assert.ok(server.heardBytes() < 2 * bytes)
  assert.equal(await bytesOf(unread), bytes)
})

test('A line that is cut every so often resets all, takes none meanwhile, and is whole again after.', async (t) => {
  const { line, reach, incidents } = await lineTo(t, { kind: 'cut', everySeconds: 2, forMs: 300 })
  const [one, two] = [await reach(), await reach()]
  const ended = Promise.all([one, two].map((client) => once(client, 'error')))
  const begunAtMs = performance.now()
  line.begin()
  assert.deepEqual(
    (await ended).map(([error]) => error.code),
    ['ECONNRESET', 'ECONNRESET'],
  )
  const cutAtMs = performance.now()
  assert.ok(cutAtMs - begunAtMs >= 1_990)
  assert.deepEqual(incidents, [{ what: 'The network was cut', lastsMs: 300 }])
  let refused = 0
  await eventually(async () => {
    const echo = await reach().then(
      (client) => echoOf(client, 'again'),
      () => undefined,
    )
    if (echo === undefined) refused += 1
    return echo === 'again'
  })
  assert.ok(refused > 0)
  assert.ok(performance.now() - cutAtMs >= 290)
  await eventually(() => incidents.length === 2)
})

test('A line that freezes passes nothing, closes nothing, and loses nothing.', async (t) => {
  const { line, reach, server, incidents } = await lineTo(t, { kind: 'freeze', atSeconds: 1, forSeconds: 1 })
  const client = await reach()
  const heard = gathered(client)
  client.write('before ')
  await eventually(() => heard.text() === 'before ')
  line.begin()
  await eventually(() => incidents.length > 0)
  const frozenAtMs = performance.now()
  assert.deepEqual(incidents, [{ what: 'The network froze', lastsMs: 1_000 }])
  client.write('meanwhile')
  // The fence: a complete exchange past the link takes longer than the echo would have.
  assert.equal(await echoOf(await reach({ past: true }), 'fence'), 'fence')
  assert.equal(server.heard().includes('meanwhile'), false)
  assert.equal(client.readyState, 'open')
  await eventually(() => heard.text() === 'before meanwhile')
  assert.ok(performance.now() - frozenAtMs >= 990)
})

test('A line with an idle timeout resets what has been silent in both directions, and nothing else.', async (t) => {
  const { reach } = await lineTo(t, { kind: 'idle-timeout', seconds: 1 })
  const [silent, talking] = [await reach(), await reach()]
  const silence = once(silent, 'error')
  let lastWordAtMs = performance.now()
  assert.equal(await echoOf(silent, 'word'), 'word')
  let isOver = false
  const talk = (async () => {
    for (let n = 0; !isOver; n += 1) assert.equal(await echoOf(talking, `${n}`), `${n}`)
  })()
  const [error] = await silence
  assert.equal(error.code, 'ECONNRESET')
  assert.ok(performance.now() - lastWordAtMs >= 990)
  isOver = true
  await talk
  lastWordAtMs = performance.now()
  await once(talking, 'error')
  assert.ok(performance.now() - lastWordAtMs >= 900)
})

test('A line that buffers holds an answer until its end, passes a WebSocket on, and counts both.', async (t) => {
  const begun: ServerResponse[] = []
  const server = createServer((request, response) => {
    if (request.url === '/at-once') return void response.end('at once')
    response.write('first ')
    begun.push(response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))))
  const line = await openLink((server.address() as AddressInfo).port, { kind: 'buffering' })
  t.after(async () => {
    await line.close()
    sockets.close()
    server.close()
    server.closeAllConnections()
  })
  const origin = `127.0.0.1:${line.port}`

  let answered = false
  const held = fetch(`http://${origin}/slowly`).then((answer) => {
    answered = true
    return answer.text()
  })
  assert.equal(await (await fetch(`http://${origin}/at-once`)).text(), 'at once')
  const socket = new WebSocket(`ws://${origin}/`)
  await once(socket, 'open')
  const before = line.bytesDown()
  socket.send('echo')
  const [data] = await once(socket, 'message')
  assert.equal(String(data), 'echo')
  // A server's frame with four bytes: two bytes of head, unmasked.
  assert.equal(line.bytesDown() - before, 6)
  assert.equal(answered, false)
  for (const response of begun) response.end('last')
  assert.equal(await held, 'first last')
  const closed = once(socket, 'close')
  line.cut()
  await closed
})

async function lineTo(t: TestContext, network: Network) {
  const server = await echoServer(t)
  const incidents: object[] = []
  const line = await openLink(server.port, network, (incident) => incidents.push(incident))
  const clients: Socket[] = []
  t.after(async () => {
    for (const client of clients) client.destroy()
    await line.close()
  })
  const reach = async ({ past = false } = {}) => {
    const client = connect({ port: past ? server.port : line.port, host: '127.0.0.1', allowHalfOpen: true })
    // A link that resets must not fail the test, whichever client it hits.
    clients.push(client.on('error', () => undefined))
    await once(client, 'connect')
    return client
  }
  return { line, reach, server, incidents }
}

/** Echoes and counts everything it receives. */
async function echoServer(t: TestContext) {
  const counts = { heard: 0, text: '' }
  const server = createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (chunk) => {
      counts.heard += chunk.length
      counts.text = `${counts.text}${chunk}`.slice(-100)
    })
    socket.on('error', () => undefined).pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  return {
    port: (server.address() as AddressInfo).port,
    heardBytes: () => counts.heard,
    heard: () => counts.text,
  }
}

function gathered(client: Socket) {
  let text = ''
  client.setEncoding('utf8').on('data', (piece) => {
    text += piece
  })
  return { text: () => text }
}

/** The first bytes of the echo; undefined when the connection breaks instead. */
async function echoOf(client: Socket, word: string): Promise<string | undefined> {
  client.write(word)
  return once(client, 'data').then(
    ([chunk]) => String(chunk),
    () => undefined,
  )
}

async function bytesOf(client: Socket): Promise<number> {
  let bytes = 0
  for await (const chunk of client) bytes += chunk.length
  return bytes
}
