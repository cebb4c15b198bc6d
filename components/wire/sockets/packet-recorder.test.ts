import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '#components/live/testing/fake-clock.ts'
import { createPacketRecorder } from './packet-recorder.ts'

test('An acknowledgement is laid beside its command, with the time that it took', () => {
  const { recorded, pass, packets } = recording()
  pass('sent', '420["follow",{"stream":"feed"}]')
  pass('sent', '421["chat:send",{"clientId":"c"}]')
  pass('received', '431[{"ok":true,"seq":7}]', 6)
  assert.deepEqual(
    packets().map(({ n, answer }) => [n, answer]),
    [
      [1, undefined],
      [2, { tookMs: 6, n: 3 }],
      [3, { tookMs: 6, n: 2 }],
    ],
  )
  assert.equal(recorded().ackP50Ms, 6)
})

test('What the line was cut under is never answered, and an ack of the next connection is not its own', () => {
  const { live, pass, packets } = recording()
  pass('sent', '420["chat:send",{}]')
  live('closed', 1, 'transport close')
  live('opening', 2)
  live('opened', 2)
  pass('sent', '420["chat:send",{}]', 0, 2)
  pass('received', '430[{"ok":true}]', 4, 2)
  assert.deepEqual(
    packets().map(({ unanswered, answer }) => [unanswered, answer?.n]),
    [
      [true, undefined],
      [undefined, 3],
      [undefined, 2],
    ],
  )
})

test('Tells by whom a connection was ended', () => {
  const { recorded, live, pass } = recording()
  live('closed', 1, 'ping timeout')
  for (const socket of [2, 3, 4]) live('opening', socket)
  live('opened', 2)
  pass('received', '42["bye",{"reason":"drain","retryMs":500}]', 0, 2)
  live('closed', 2, 'transport close')
  live('closed', 3, 'transport error')
  live('opened', 4)
  live('closed', 4, 'io client disconnect')
  const { sockets, opened } = recorded()
  assert.deepEqual(
    sockets.map(({ closed }) => closed?.by),
    ['cut', 'ended', 'refused', 'let-go'],
  )
  assert.equal(opened, 3)
})

test('Ticks in series are one row that grows; anything between begins a new one', () => {
  const { recorded, pass, packets } = recording()
  for (let n = 0; n < 30; n += 1) pass('received', '42["ticks",{"ticks":[]}]', 50)
  pass('received', '2')
  pass('received', '42["ticks",{"ticks":[1]}]')
  const [series, ping, single] = packets()
  assert.deepEqual([series?.series?.count, series?.bytes, ping?.kind], [30, 30 * 24, 'ping'])
  assert.deepEqual(
    [series && series.atMs - (series.series?.fromMs ?? 0), single?.series],
    [29 * 50, undefined],
  )
  assert.equal(recorded().received.packets, 32)
})

test('Keeps the last 400 packets and counts all; answers find their command in what is kept', () => {
  const { recorded, pass, packets } = recording()
  for (let n = 0; n < 1_000; n += 1) {
    pass('sent', `42${n}["chat:typing",{}]`)
    pass('received', `43${n}[{"ok":true}]`)
  }
  assert.deepEqual([packets().length, packets().at(-1)?.n], [400, 2_000])
  assert.ok(packets().every(({ answer }) => answer))
  assert.equal(recorded().sent.packets, 1_000)
})

test('Tells its watchers at once, and four times a second when much passes', async () => {
  const { recorder, clock, pass } = recording()
  let told = 0
  const leave = recorder.watch(() => {
    told += 1
  })
  await clock.pass(1_000)
  told = 0
  pass('received', '42["read",{}]')
  assert.equal(told, 1)
  for (let n = 0; n < 100; n += 1) {
    pass('received', '42["read",{}]')
    await clock.pass(10)
  }
  assert.ok(told >= 4 && told <= 5, `told ${told} times`)
  leave()
  await clock.pass(1_000)
  assert.equal(clock.asleep, 0)
})

test('What is shown does not change afterwards', () => {
  const { packets, pass } = recording()
  pass('sent', '420["follow",{}]')
  const before = packets()
  pass('received', '430[{"ok":true}]')
  assert.equal(before.length, 1)
  assert.equal(before[0]?.answer, undefined)
})

test('The server’s view is laid beside the connection that it names', () => {
  const { recorder, recorded, live, pass } = recording()
  pass('received', '0{"sid":"first","pingInterval":25000}')
  live('opening', 2)
  pass('received', '0{"sid":"second"}', 0, 2)
  const count = { requestId: 'r', method: 'GET', path: '/socket.io/', status: 101, at: '', durationMs: 1 }
  recorder.addCounts([
    { ...count, bytesIn: 5, bytesOut: 9, queries: 2, socketId: 'second' },
    { ...count, bytesIn: 1, bytesOut: 1, queries: 0, socketId: 'elsewhere' },
  ])
  assert.deepEqual(
    recorded().sockets.map(({ counted }) => counted?.bytesOut),
    [undefined, 9],
  )
})

/** A recorder that has seen one open connection. */
function recording() {
  const clock = fakeClock()
  const recorder = createPacketRecorder(clock)
  let atMs = clock.now()
  const live = (type: 'opening' | 'opened' | 'closed', socket: number, why?: string) =>
    recorder.hear({ type, socket, atMs, why })
  live('opening', 1)
  live('opened', 1)
  const recorded = () => {
    recorder.watch(() => undefined)()
    return recorder.current()
  }
  return {
    ...{ recorder, clock, live },
    pass(direction: 'sent' | 'received', text: string, afterMs = 0, socket = 1) {
      atMs += afterMs
      recorder.hear({ type: 'packet', direction, text, bytes: text.length, atMs, socket })
    },
    recorded,
    packets: () => recorded().packets,
  }
}
