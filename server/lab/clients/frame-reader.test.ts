import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beatFrame, byeFrame, readyFrame } from '#server/deliver/encode/frame.ts'
import { type Frame, FrameReader } from './frame-reader.ts'

const stream = Buffer.concat([
  Buffer.from(readyFrame(700, 'k7aa.1', { head: 'k7aa.2', beatMs: 15_000 })),
  Buffer.from('id: k7aa.2\ndata: {"seq":2,"type":"note","at":"now","data":"👩‍🚀 é"}\n\n'),
  Buffer.from('id: k7aa.3\ndata: {"seq":3,"type":"note",\ndata: "at":"now","data":null}\n\n'),
  beatFrame({ at: 'now' }),
  Buffer.from('event: reset\nid: k7aa.9\ndata: {"head":"k7aa.9","reason":"trimmed"}\n\n'),
  byeFrame({ reason: 'drain', retryMs: 900 }),
])

const said: Frame[] = [
  { type: 'ready', id: 'k7aa.1', retryMs: 700, head: 'k7aa.2', beatMs: 15_000 },
  {
    ...{ type: 'heard', id: 'k7aa.2' },
    heard: { type: 'entry', entry: { seq: 2, type: 'note', at: 'now', data: '👩‍🚀 é' }, cursor: 'k7aa.2' },
  },
  {
    ...{ type: 'heard', id: 'k7aa.3' },
    heard: { type: 'entry', entry: { seq: 3, type: 'note', at: 'now', data: null }, cursor: 'k7aa.3' },
  },
  { type: 'beat', id: undefined },
  { type: 'heard', id: 'k7aa.9', heard: { type: 'reset', head: 'k7aa.9', reason: 'trimmed' } },
  { type: 'bye', id: undefined, reason: 'drain', retryMs: 900 },
]

test('Reads the frames of a stream, however its bytes are cut', () => {
  for (let size = 1; size <= stream.length; size += 1) {
    const reader = new FrameReader()
    const frames: Frame[] = []
    for (let at = 0; at < stream.length; at += size) {
      frames.push(...reader.read(stream.subarray(at, at + size)))
    }
    assert.deepEqual(frames, said, `in pieces of ${size}`)
  }
})

test('What has been said to one client in the same bytes is not read again for another', () => {
  const entry = Buffer.from('id: k7aa.4\ndata: {"seq":4,"type":"note","at":"now","data":{}}\n\n')
  const [one, other] = [new FrameReader().read(entry), new FrameReader().read(Buffer.from(entry))]
  assert.equal(one[0], other[0])
})
