import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capturedBytes } from './pcap.ts'

const port = 3_000
const client = 50_000

test('Payloads are added up by direction, without the headers, and what was sent again counts once', () => {
  const file = captureOf([
    { from: client, to: port, seq: 100, payload: 0 },
    { from: client, to: port, seq: 100, payload: 50 },
    { from: port, to: client, seq: 900, payload: 1_000 },
    { from: port, to: client, seq: 900, payload: 1_000 },
    { from: port, to: client, seq: 1_900, payload: 30 },
    { from: client, to: 4_000, seq: 1, payload: 7 },
  ])
  assert.deepEqual(capturedBytes(file, port), { up: 50, down: 1_030, repeatedSegments: 1 })
})

test('A sequence number that wraps is no repetition', () => {
  const file = captureOf([
    { from: client, to: port, seq: 0xffff_fff0, payload: 16 },
    { from: client, to: port, seq: 0, payload: 16 },
  ])
  assert.deepEqual(capturedBytes(file, port), { up: 32, down: 0, repeatedSegments: 0 })
})

type Segment = { from: number; to: number; seq: number; payload: number }

/** In tcpdump's format, with payloads truncated. */
function captureOf(segments: Segment[]): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  return Buffer.concat([head, ...segments.map(packet)])
}

function packet({ from, to, seq, payload }: Segment): Buffer {
  const bytes = Buffer.alloc(16 + 14 + 20 + 20)
  bytes.writeUInt32LE(54, 8)
  bytes.writeUInt32LE(54 + payload, 12)
  const ip = 30
  bytes[ip] = 0x45
  bytes.writeUInt16BE(40 + payload, ip + 2)
  bytes[ip + 9] = 6
  bytes.writeUInt32BE(0x7f000001, ip + 12)
  bytes.writeUInt32BE(0x7f000001, ip + 16)
  bytes.writeUInt16BE(from, ip + 20)
  bytes.writeUInt16BE(to, ip + 22)
  bytes.writeUInt32BE(seq, ip + 24)
  bytes[ip + 32] = 0x50
  return bytes
}
