import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Packet } from '#components/live/open-socket.ts'
import { figuresOf } from './figures.ts'
import { createPacketTracer } from './packet-tracer.ts'
import { sceneOf } from './scene.ts'
import { noTrace, type Trace, traceAfter } from './trace.ts'

const at = (ms: number) => new Date(ms).toISOString()

test('a socket is one connection, on which both sides are drawn where they speak', () => {
  const { lanes } = sceneOf(
    heard(opening, opened, sent('420["follow",{"stream":"pulse"}]', 20), entries(1, 3_000)),
    30_000,
    0,
  )
  assert.deepEqual(
    lanes.ws.stretches.map(({ kind, opens }) => [kind, opens]),
    [['ws', true]],
  )
  assert.deepEqual(
    lanes.ws.marks.map(({ filled, sent, label }) => [filled, sent ?? false, label]),
    [
      [true, false, undefined],
      [false, true, 'follow'],
    ],
  )
  assert.deepEqual(lanes.ws.cuts, [])
})

test('what it brought is counted, and how long after it had happened', () => {
  const trace = heard(opening, opened, entries(1, 3_000), received('2', 4_000))
  const { medianWaitMs, opened: sockets, receivedBytes } = figuresOf(trace, 'ws', 10_000, 0)
  assert.deepEqual([medianWaitMs, sockets], [4, 1])
  assert.equal(receivedBytes, textOf(1, 3_000).length + 1)
})

test('entries of other streams are no news here', () => {
  const { happenings } = heard(opening, opened, received(textOf(7, 1_000).replace('pulse', 'feed'), 1_000))
  assert.deepEqual(happenings, [])
})

test('a line that is cut is a cut; after a goodbye, and when the page lets go, it just ends', () => {
  const closed = (why: string): Packet => ({ type: 'closed', socket: 1, atMs: 9_000, why })
  const bye = received('42["bye",{"reason":"drain","retryMs":500}]', 8_000)
  const outcome = (...packets: Packet[]) => heard(opening, opened, ...packets).asks.ws[0]?.outcome
  assert.equal(outcome(closed('transport close')), 'failed')
  assert.equal(outcome(bye, closed('transport close')), 'ended')
  assert.equal(outcome(closed('io client disconnect')), 'let-go')
})

const opening: Packet = { type: 'opening', socket: 1, atMs: 0 }
const opened: Packet = { type: 'opened', socket: 1, atMs: 5 }

function received(text: string, atMs: number): Packet {
  return { type: 'packet', direction: 'received', text, bytes: text.length, atMs, socket: 1 }
}

function sent(text: string, atMs: number): Packet {
  return { type: 'packet', direction: 'sent', text, bytes: text.length, atMs, socket: 1 }
}

function textOf(seq: number, atMs: number): string {
  const entries = [{ seq, type: 'pulse', at: at(atMs), data: {} }]
  return `42${JSON.stringify(['entries', { stream: 'pulse', entries, next: `k7aa.${seq}` }])}`
}

/** An entry that happened at `atMs` and takes 4 ms. */
function entries(seq: number, atMs: number): Packet {
  return received(textOf(seq, atMs), atMs + 4)
}

function heard(...packets: Packet[]): Trace {
  let trace = noTrace
  const tell = createPacketTracer({
    trace: (event) => {
      trace = traceAfter(trace, event)
    },
    clock: () => undefined,
  })
  for (const packet of packets) tell(packet)
  return trace
}
