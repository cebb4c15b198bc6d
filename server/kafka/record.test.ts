import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeEntry } from '#server/log/log.ts'
import { decodeValue, encodeValue, maxValueBytes, streamOf } from './record.ts'

const stream = 'room:"quoted" and ü'
const entry = encodeEntry(7, 'type of "later"', '2026-11-30T12:00:00.000Z', '{ "z":1e400, "a": ["\u2028"] }')
const value = Buffer.from(encodeValue(stream, entry))
const record = (changes: object = {}) => ({
  ...{ key: Buffer.from(stream), value, headers: [[Buffer.from('epoch'), Buffer.from('abc123')] as const] },
  ...changes,
})

test('An entry comes out of its record byte for byte, whatever its type is.', () => {
  assert.equal(JSON.parse(value.toString()).stream, stream)
  assert.deepEqual(streamOf(record(), 'abc123'), { stream, value })
  assert.deepEqual(decodeValue(stream, value), entry)
})

test('What is not ours is told apart.', () => {
  assert.equal(streamOf(record({ key: undefined }), 'abc123'), 'broken')
  assert.equal(streamOf(record({ value: null }), 'abc123'), 'broken')
  assert.equal(streamOf(record({ key: Buffer.from([0xff]) }), 'abc123'), 'broken')
  assert.equal(streamOf(record({ headers: [] }), 'abc123'), 'broken')
  assert.equal(streamOf(record({ value: Buffer.alloc(maxValueBytes + 1) }), 'abc123'), 'oversized')
  assert.equal(streamOf(record(), 'def456'), 'foreign')
})

test('Only what is encoded just as ours are is an entry.', () => {
  const body = '"type":"a","at":"2026-11-30T12:00:00.000Z","data":1}'
  const ours = `{"stream":"s","seq":1,${body}`
  const broken = {
    'cut short': ours.slice(0, -1),
    'another stream': ours.replace('"s"', '"t"'),
    'a line break, which would end its frame': ours.replace('1}', '1\n\n}'),
    'two seqs': ours.replace('1}', '1,"seq":2}'),
    'a seq that is no whole number': ours.replace(':1,', ':1.5,'),
    'a seq before the first': ours.replace(':1,', ':0,'),
    'a seq beyond what numbers hold': ours.replace(':1,', ':9007199254740993,'),
    'another order': `{"stream":"s",${body.slice(0, -1)},"seq":1}`,
    'no JSON at all': 'nothing',
  }
  assert.ok(decodeValue('s', Buffer.from(ours)))
  for (const [what, text] of Object.entries(broken)) {
    assert.equal(decodeValue('s', Buffer.from(text)), undefined, what)
  }
  assert.equal(decodeValue('s', Buffer.concat([Buffer.from(ours), Buffer.from([0xff])])), undefined)
})
