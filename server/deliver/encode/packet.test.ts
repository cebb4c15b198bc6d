import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, test } from 'node:test'
import { encodeEntry } from '#server/log/log.ts'
import { encodeBatch, packetOf } from './packet.ts'

const head = { epoch: 'k7x2', seq: 2 }
const entries = [
  encodeEntry(1, 'note', '2026-11-24T10:00:00.000Z', '{"b":1,"a":"é"}'),
  encodeEntry(2, 'note', '2026-11-24T10:00:00.001Z', 'null'),
]

describe('A packet', () => {
  test('WS3 carries the entries as they are, with the cursor to resume from', () => {
    const batch = { type: 'entries' as const, entries, next: head, head, more: false }
    assert.equal(
      encodeBatch(batch, 'room:a').text,
      `2["entries",{"stream":"room:a","entries":[${entries.map(({ json }) => json)}],"next":"k7x2.2"}]`,
    )
  })

  test('WS3 is encoded once for all who follow', () => {
    const batch = { type: 'entries' as const, entries, next: head, head, more: false }
    assert.equal(encodeBatch(batch, 'room:a'), encodeBatch(batch, 'room:a'))
  })

  test('WS3 tells of a reset', () => {
    const packet = encodeBatch({ type: 'reset', reason: 'trimmed', head }, 'room:a')
    assert.equal(packet.text, '2["reset",{"stream":"room:a","head":"k7x2.2","reason":"trimmed"}]')
  })

  for (const length of [0, 60, 63, 65_000, 65_480, 65_500, 200_000]) {
    test(`is a frame that another implementation reads, around ${length} bytes`, async () => {
      for (let more = 0; more < 8; more += 1) {
        const packet = packetOf('presence', { roomId: `é${'a'.repeat(length + more)}`, here: [] })
        assert.equal(await readByOther(packet.options.wsPreEncodedFrame[0]), `4${packet.text}`)
      }
    })
  }
})

/** What Node's WebSocket client reads from a frame. */
async function readByOther(frame: Buffer): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  server.on('upgrade', ({ headers }, line) => {
    const accept = createHash('sha1')
      .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    line.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    line.end(frame)
  })
  await once(server, 'listening')
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  client.onmessage = ({ data }) => resolve(data)
  client.onclose = () => reject(new Error('Closed without a message'))
  try {
    return await promise
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
