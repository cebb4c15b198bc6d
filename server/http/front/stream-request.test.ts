import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainRequestIn } from './plain-request.ts'
import { toStreamRequest, wantsStream } from './stream-request.ts'

const plain = [
  'GET /api/streams/me?after=k7x2ab.91 HTTP/1.1',
  'Host: x',
  'Accept: text/event-stream',
  'Last-Event-ID:  k7x2ab.92 ',
]

test('Reads a plain request for an event stream', () => {
  const request = streamRequestIn(bytes(plain))
  assert.deepEqual(
    { ...request, headers: { ...request?.headers } },
    {
      path: '/api/streams/me?after=k7x2ab.91',
      name: 'me',
      after: 'k7x2ab.91',
      headers: { host: 'x', accept: 'text/event-stream', 'last-event-id': 'k7x2ab.92' },
    },
  )
})

const [line = '', ...fields] = plain
const others: Record<string, string[]> = {
  'another method': [line.replace('GET', 'HEAD'), ...fields],
  'another path': [line.replace('streams', 'loans'), ...fields],
  'a path that climbs': [line.replace('me', '../me'), ...fields],
  'an encoded name': [line.replace('me', 'user%3Ame'), ...fields],
  'a further parameter': [line.replace('91', '91&wait=1'), ...fields],
  'another version': [line.replace('1.1', '2.0'), ...fields],
  'no host': [line, ...fields.slice(1)],
  'a field twice': [...plain, 'Accept: text/event-stream'],
  'a folded field': [...plain, ' and more'],
  'a space before the colon': [...plain, 'X : y'],
  'a control in a field': [...plain, 'X: a\0b'],
  'a bare line feed': [...plain, 'X: a\nY: b'],
  'a body to come': [...plain, 'Content-Length: 3'],
  'chunks to come': [...plain, 'Transfer-Encoding: chunked'],
  'an upgrade': [...plain, 'Upgrade: websocket'],
  'an expectation': [...plain, 'Expect: 100-continue'],
  'a name of every object': [...plain, '__proto__: x', 'constructor: y', 'Content-Length: 3'],
  'another answer wanted': [line, 'Host: x', 'Accept: application/json'],
}

for (const [what, lines] of Object.entries(others)) {
  test(`Leaves ${what} to the HTTP parser`, () => assert.equal(streamRequestIn(bytes(lines)), undefined))
}

test('Leaves what is not exactly one request to the HTTP parser', () => {
  const whole = bytes(plain)
  for (let end = 0; end < whole.length; end += 1)
    assert.equal(streamRequestIn(whole.subarray(0, end)), undefined)
  assert.equal(streamRequestIn(Buffer.concat([whole, Buffer.from('x')])), undefined)
  assert.equal(streamRequestIn(Buffer.concat([whole, whole])), undefined)
})

test('An event stream is wanted when Accept names it with a weight', () => {
  const wanted = ['text/event-stream', 'Text/Event-Stream', 'application/json, text/event-stream;q=0.5, */*']
  const unwanted = [
    undefined,
    '*/*',
    'text/*',
    'text/event-stream;q=0',
    'text/event-stream;q=0.0, a/b',
    'x-text/event-stream',
  ]
  for (const accept of wanted) assert.ok(wantsStream(accept), accept)
  for (const accept of unwanted) assert.ok(!wantsStream(accept), accept)
})

function streamRequestIn(bytes: Buffer) {
  const request = plainRequestIn(bytes)
  return request && toStreamRequest(request)
}

function bytes(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}
