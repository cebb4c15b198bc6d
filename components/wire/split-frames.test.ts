import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldOf, frameKindOf, nameOfFrame, splitFrames } from './frame.ts'

const wire = [
  'retry: 3000\nevent: ready\nid: k7aa.90\ndata: {"head":"k7aa.90","beatMs":15000}\n\n',
  'id: k7aa.91\ndata: {"seq":91,"type":"post.liked","at":"","data":{"text":"größer\u2028€ 🙂"}}\n\n',
  'event: beat\ndata: {"at":"2026-11-24T10:42:31.000Z"}\n\n',
  ': a comment\n\n',
  'event: bye\ndata: {"reason":"drain","retryMs":500}\n\n',
]

test('Finds the same frames wherever the bytes were split, and loses no byte', () => {
  const bytes = new TextEncoder().encode(wire.join(''))
  const whole = splitFrames()(bytes)
  assert.deepEqual(whole.map(frameKind), ['ready', 'entry', 'beat', 'other', 'bye'])
  assert.equal(
    whole.reduce((sum, frame) => sum + frame.bytes, 0),
    bytes.length,
  )
  for (let at = 0; at <= bytes.length; at += 1) {
    const split = splitFrames()
    assert.deepEqual([...split(bytes.subarray(0, at)), ...split(bytes.subarray(at))], whole)
  }
  const split = splitFrames()
  assert.deepEqual(
    [...bytes].flatMap((byte) => split(Uint8Array.of(byte))),
    whole,
  )
})

test('Lines may end in CR LF or CR as well', () => {
  for (const end of ['\r\n', '\r']) {
    const split = splitFrames()
    const frames = [...wire.join('').replaceAll('\n', end)].flatMap((part) =>
      split(new TextEncoder().encode(part)),
    )
    assert.deepEqual(
      frames.map(({ lines }) => lines),
      splitFrames()(new TextEncoder().encode(wire.join(''))).map(({ lines }) => lines),
    )
  }
})

test('A line that never ends is not kept whole', () => {
  const split = splitFrames()
  const long = new TextEncoder().encode('x'.repeat(1_000))
  for (let n = 0; n < 20; n += 1) assert.deepEqual(split(long), [])
  const [frame] = split(new TextEncoder().encode('\n\n'))
  assert.equal(frame?.lines[0]?.length, 4_000)
  assert.equal(frame?.bytes, 20_002)
})

test('A frame is called by its event, an entry by its type', () => {
  const names = splitFrames()(new TextEncoder().encode(wire.join(''))).map((frame) =>
    nameOfFrame({ kind: frameKind(frame), lines: frame.lines }),
  )
  assert.deepEqual(names, ['ready', 'post.liked', 'beat', 'comment', 'bye'])
  assert.equal(fieldOf(['id:1', 'id: 2 '], 'id'), '2 ')
  assert.equal(fieldOf(['data'], 'data'), '')
  assert.equal(fieldOf(['database: 1'], 'data'), undefined)
})

function frameKind({ lines }: { lines: readonly string[] }) {
  return frameKindOf(lines)
}
