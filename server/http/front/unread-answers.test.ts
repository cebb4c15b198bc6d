import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { Server as SocketServer } from 'socket.io'
import { eventually } from '#server/testing/eventually.ts'
import { bothEnds, type Ends, flood, floodingSocket, frame } from '#server/testing/flooding-socket.ts'
import { type Person, signedInPerson } from '#server/testing/person.ts'
import { socketClient } from '#server/testing/socket-client.ts'
import { fileApp } from '#server/testing/test-app.ts'

const megabyte = 1_000_000
/** Without the mechanism under test, most of these wait forever. */
const limit = { timeout: 60_000 }
/** How much is sent, and how much of it may be read: what arrives in one chunk is processed in one chunk. */
const sentBytes = 600_000
const readBytes = 300_000

/** Without a limit on packets, so that it cannot be what proves the result. */
const eager = await fileApp({ PACKETS_PER_SECOND: '1000000' })
const paced = await fileApp({ PACKETS_PER_SECOND: '10' })

// The control: Socket.IO with its defaults.
const plain = createServer()
const io = new SocketServer(plain, { transports: ['websocket'] })
after(() => io.close())
const plainPort = await listening(plain)

test(
  'WS10 Pings are answered only while the answers are taken; the last of the others is answered then',
  limit,
  async () => {
    const ping = frame('ping', 'x'.repeat(125))
    const naive = await floodingSocket(plainPort)
    const naiveMost = await mostQueued(naive, flood(naive, ping, 16 * megabyte))
    assert.ok(naiveMost > megabyte, `a plain server queues them: ${naiveMost} bytes`)
    naive.client.destroy()

    const ends = await floodingSocket(eager.port, await signedInPerson(eager))
    while (!ends.server.writableNeedDrain) await mostQueued(ends, flood(ends, ping, 60_000))
    const last = frame('ping', 'the last one')
    ends.client.write(last)
    const most = await mostQueued(ends, last.length)
    assert.ok(most < 200_000, `${most} bytes were queued`)
    let end = ''
    ends.client.on('data', (chunk) => {
      end = (end + chunk.toString('latin1')).slice(-100)
    })
    ends.client.resume()
    await eventually(() => end.endsWith('the last one'))
    ends.client.destroy()
  },
)

test(
  'WS4 One who pings on and takes no pong is cut at the same measure, as if they all waited',
  limit,
  async () => {
    const before = eager.context.sockets.ended.slow
    const ends = await floodingSocket(eager.port, await signedInPerson(eager))
    const most = await mostQueued(ends, flood(ends, frame('ping', 'x'.repeat(125)), 24 * megabyte))
    await eventually(() => eager.context.sockets.ended.slow === before + 1)
    assert.ok(most < 200_000, `${most} bytes were queued`)
    ends.client.destroy()
  },
)

test(
  'WS4 One who takes none of the answers that Socket.IO gives by itself is cut at the same measure',
  limit,
  async () => {
    const refused = frame('text', `40/${'x'.repeat(10_000)},`)
    const naive = await floodingSocket(plainPort)
    const sent = flood(naive, refused, 24 * megabyte)
    await eventually(() => naive.server.bytesRead > sent)
    const queued = [...Object.values(clientsOf(io))].reduce(
      (sum, { writeBuffer }) => sum + writeBuffer.reduce((bytes, { data }) => bytes + (data?.length ?? 0), 0),
      naive.server.writableLength,
    )
    assert.ok(queued > 2 * megabyte, `a plain server queues them: ${queued} bytes`)
    naive.client.destroy()

    const before = eager.context.sockets.ended.slow
    const ends = await floodingSocket(eager.port, await signedInPerson(eager))
    const most = mostQueued(ends, flood(ends, refused, 24 * megabyte))
    await eventually(() => eager.context.sockets.ended.slow === before + 1)
    ends.client.destroy()
    assert.ok((await most) < 2 * megabyte)
  },
)

const floods: Record<string, Buffer> = {
  'Empty pings': frame('ping'),
  Pongs: frame('pong', 'x'),
  'Engine.IO’s pongs': frame('text', '3'),
  'Commands of 60 KB': frame('text', `42["follow","${'x'.repeat(60_000)}"]`),
  'Messages in ten pieces': Buffer.concat([
    frame('text', '3', false),
    ...Array(9).fill(frame('continuation', '', false)),
    frame('continuation'),
  ]),
}
for (const [what, bytes] of Object.entries(floods)) {
  test(`WS10 ${what} are read no faster than packets are, and nobody waits for them`, limit, async () => {
    const naive = await floodingSocket(plainPort)
    naive.client.resume()
    const all = flood(naive, bytes, sentBytes)
    await eventually(() => naive.server.bytesRead > all)
    naive.client.destroy()

    const [loud, quiet] = [await signedInPerson(paced), await signedInPerson(paced)]
    const ends = await floodingSocket(paced.port, loud)
    ends.client.resume()
    flood(ends, bytes, sentBytes)
    await command(quiet)
    await eventually(() => ends.server.bytesRead > 10_000)
    await command(quiet)
    assert.ok(ends.server.bytesRead < readBytes, `${ends.server.bytesRead} bytes were read`)
    ends.client.destroy()
  })
}

test(
  'WS10 A message in ever more pieces ends its connection before it has cost anything',
  limit,
  async () => {
    const pieces = Buffer.concat(Array(8_000).fill(frame('continuation', '', false)))
    const attacks: Record<string, (ends: Ends) => Promise<void>> = {
      'empty frames that continue it': async ({ client }) => {
        client.write(frame('text', '4', false))
        client.write(pieces)
      },
      'bytes that come one by one': async ({ client, server }) => {
        const whole = frame('text', `42["follow","${'x'.repeat(10_000)}"]`)
        for (let at = 0; at < 4_000 && !server.destroyed && client.writable; at += 1) {
          client.write(whole.subarray(at, at + 1))
          await eventually(() => client.writableLength === 0)
          await new Promise((resolve) => setImmediate(resolve))
        }
      },
    }
    for (const [what, attack] of Object.entries(attacks)) {
      const naive = await floodingSocket(plainPort)
      await attack(naive)
      const ends = await floodingSocket(eager.port, await signedInPerson(eager))
      await attack(ends)
      await eventually(() => ends.server.destroyed)
      assert.ok(!naive.server.destroyed, `a plain server keeps reading ${what}`)
      for (const { client } of [naive, ends]) client.destroy()
    }
  },
)

test('WS10 A client that said goodbye and keeps sending is not read for long', limit, async () => {
  const naive = await floodingSocket(plainPort)
  const ends = await floodingSocket(eager.port, await signedInPerson(eager))
  for (const { client } of [naive, ends]) client.write(frame('close'))
  const more = setInterval(() => {
    for (const { client } of [naive, ends]) client.write(Buffer.alloc(1_000))
  }, 20)
  await eventually(() => ends.server.destroyed)
  clearInterval(more)
  assert.ok(!naive.server.destroyed, 'a plain server reads on for half a minute')
  for (const { client } of [naive, ends]) client.destroy()
})

const request = 'GET /api/streams/pulse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n'
const earlier = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
const moreRequests = 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n'

const upgrade =
  'GET /socket.io/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

for (const [what, before, bytes] of [
  ['that it began with', '', 'x'.repeat(1_000)],
  ['that it came to later', earlier, moreRequests],
  ['that it came to later, when that is no HTTP', earlier, 'x'.repeat(1_000)],
  ['that it came to later, when that is an upgrade', earlier, upgrade],
  ['that it came to later, when that is for a page', earlier, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
] as const) {
  test(
    `SSE1 What a client keeps sending on a connection, on the stream ${what}, is not read without end`,
    limit,
    async () => {
      const ends = await bothEnds(eager.port)
      ends.client.resume()
      if (before !== '') {
        ends.client.write(before)
        await eventually(() => ends.server.bytesWritten > 0)
      }
      ends.client.write(request)
      await eventually(() => eager.context.eventStreams.size === 1)
      flood(ends, Buffer.from(bytes), 4 * megabyte)
      await eventually(() => ends.server.destroyed && eager.context.eventStreams.size === 0)
      assert.ok(ends.server.bytesRead < readBytes, `${ends.server.bytesRead} bytes were read`)
      ends.client.destroy()
    },
  )
}

/** The most bytes queued on the server's end of a connection until `bytes` had been read, or it was gone. */
async function mostQueued({ server }: Ends, bytes: number): Promise<number> {
  const before = server.bytesRead
  let most = 0
  while (!server.destroyed && server.bytesRead < before + bytes) {
    most = Math.max(most, server.writableLength)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return Math.max(most, server.writableLength)
}

async function command(person: Person): Promise<void> {
  const client = await socketClient(person, paced)
  await client.done('follow', { stream: 'me' })
  client.close()
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

type EngineClients = Record<string, { writeBuffer: { data?: string }[] }>

function clientsOf(server: SocketServer): EngineClients {
  return (server.engine as unknown as { clients: EngineClients }).clients
}
