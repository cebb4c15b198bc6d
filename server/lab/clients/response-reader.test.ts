import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ResponseHead, ResponseReader } from './response-reader.ts'

const answers =
  'HTTP/1.1 200 OK\r\nETag: "k7aa.1-x"\r\nContent-Length: 5\r\n\r\nh\r\n\r\n' +
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n' +
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nX: \r\n\r\n4\r\nab\r\n\r\n10;x=y\r\n0123456789abcdef\r\n0\r\n\r\n' +
  'HTTP/1.1 204 No Content\r\n\r\n' +
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n' +
  'HTTP/1.1 401 Unauthorized\r\ncontent-length:2\r\n\r\n{}' +
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nall\r\n\r\nthe rest'

const said = [
  '200 h\r\n\r\n',
  '304 ',
  '200 ab\r\n0123456789abcdef',
  '204 ',
  '200 ',
  '401 {}',
  '200 all\r\n\r\nthe rest',
]

test('Reads answers, one after the other, however their bytes are cut', () => {
  const bytes = Buffer.from(answers)
  for (let size = 1; size <= bytes.length; size += 1) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    )
    assert.deepEqual(read(pieces), said, `in pieces of ${size}`)
  }
})

test('Keeps nothing of the bytes that it was lent', () => {
  const lent = Buffer.alloc(answers.length)
  const pieces = function* () {
    for (let at = 0; at < answers.length; at += 7) {
      const size = lent.write(answers.slice(at, at + 7), 'latin1')
      yield lent.subarray(0, size)
      lent.fill('!')
    }
  }
  assert.deepEqual(read(pieces()), said)
})

test('Finds a field by its name, in whichever case it was sent', () => {
  const heads: ResponseHead[] = []
  const reader = new ResponseReader({ head: (head) => heads.push(head), piece: () => 0, end: () => 0 })
  reader.read(
    Buffer.from('HTTP/1.1 503 Away\r\nX-Retry-After: 9\r\nReTrY-aFtEr:  2 \r\nEmpty:\r\nLast: x\r\n\r\n'),
  )
  const [head] = heads
  assert.deepEqual(
    ['retry-after', 'empty', 'last', 'none'].map((name) => head?.field(name)),
    ['2', '', 'x', undefined],
  )
})

function read(pieces: Iterable<Buffer>): string[] {
  const heard: string[] = []
  let text = ''
  const reader = new ResponseReader({
    head({ status }) {
      text = `${status} `
    },
    piece(bytes) {
      text += bytes.toString()
    },
    end() {
      heard.push(text)
    },
  })
  for (const piece of pieces) reader.read(piece)
  reader.closed()
  return heard
}
