import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noPackets } from './packet-log.ts'
import { type RecordedPacket, recordedPacket } from './recorded-packet.ts'
import { type SocketEnd, type SocketLife, socketLines, socketParts, socketSpanMs } from './socket-life.ts'

test('A socket is two rails as long as it is open', () => {
  assert.deepEqual(drawn([life(1, 0)], 40), ['ws 0-40'])
  assert.deepEqual(drawn([life(1, 0, 'let-go', 30)], 40), ['ws 0-30'])
})

test('An outage reaches from the cut over every refusal to the next connection', () => {
  const sockets = [life(1, 0, 'cut', 10), refused(2, 12), refused(3, 15), life(4, 18)]
  assert.deepEqual(drawn(sockets, 40), ['ws 0-10', 'ws 18-40', 'outage 10-18'])
  assert.deepEqual(drawn(sockets.slice(0, 3), 40), ['ws 0-10', 'outage 10-40'])
  assert.deepEqual(
    socketParts({ ...noPackets, sockets }, shape, at(40)).marks.map(({ gist }) => gist),
    ['cut', 'refused', 'refused'],
  )
})

test('What came stands filled on one rail, what went hollow on the other, a ping across both', () => {
  const packets = [
    packet(1, 'received', '42["entries",{}]'),
    packet(2, 'sent', '420["follow",{}]'),
    packet(9, 'received', '2'),
  ]
  assert.deepEqual(
    socketParts({ ...noPackets, packets }, shape, at(40)).marks.map(({ rail, gist }) => [rail, gist]),
    [
      ['received', 'news'],
      ['sent', 'same'],
      ['received', 'beat'],
    ],
  )
})

test('However many packets there are, the marks stay few', () => {
  const packets = Array.from({ length: 400 }, (_, n) => packet(n / 20, 'received', '42["read",{}]', n))
  const series = { ...packet(40, 'received', '42["ticks",{}]'), series: { count: 9_000, fromMs: at(-3_600) } }
  for (const own of [packets, [series]]) {
    const { marks } = socketParts({ ...noPackets, packets: own }, shape, at(40))
    assert.ok(marks.length > 10 && marks.length <= 45, `${marks.length} marks`)
  }
})

test('The plot reaches back one minute, and further only when there is more to show', () => {
  assert.equal(socketSpanMs(noPackets, at(0)), 60_000)
  assert.equal(socketSpanMs({ ...noPackets, sockets: [life(1, 0)] }, at(100)), 120_000)
  assert.equal(socketSpanMs({ ...noPackets, packets: [packet(0, 'received', '2')] }, at(3_600)), 360_000)
})

test('The list is newest first: packets between the upgrade and the end of their connection', () => {
  const packets = [packet(1, 'received', '0{"sid":"a"}'), packet(2, 'received', '2', 2)]
  const sockets = [life(1, 1, 'cut', 3), life(2, 4)]
  const keys = (...group: ['pings'] | []) =>
    socketLines({ ...noPackets, sockets, packets }, ...group).map(({ key }) => key)
  assert.deepEqual(keys(), ['upgrade 2', 'end 1', 'packet 2', 'packet 1', 'upgrade 1'])
  assert.deepEqual(keys('pings'), ['packet 2'])
})

const at = (seconds: number) => Date.UTC(2026, 10, 24, 9) + seconds * 1_000
const shape = { spanMs: 60_000, room: 42 }
const nothing = { packets: 0, bytes: 0 }

function life(socket: number, seconds: number, by?: SocketEnd, endSeconds = 0): SocketLife {
  const closed = by && { by, atMs: at(endSeconds) }
  return { socket, openingMs: at(seconds), openedMs: at(seconds), closed, sent: nothing, received: nothing }
}

function refused(socket: number, seconds: number): SocketLife {
  return { ...life(socket, seconds, 'refused', seconds), openedMs: undefined }
}

function packet(seconds: number, direction: 'sent' | 'received', text: string, n = 1): RecordedPacket {
  return recordedPacket(n, {
    type: 'packet',
    direction,
    text,
    bytes: text.length,
    atMs: at(seconds),
    socket: 1,
  })
}

function drawn(sockets: SocketLife[], nowSeconds: number): string[] {
  const second = (ms: number) => (ms - at(0)) / 1_000
  return socketParts({ ...noPackets, sockets }, shape, at(nowSeconds)).stretches.map(
    ({ kind, fromMs, toMs }) => `${kind} ${second(fromMs)}-${second(toMs)}`,
  )
}
