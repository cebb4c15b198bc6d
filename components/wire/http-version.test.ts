import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Exchange } from './exchange.ts'
import { httpVersionOf, versionsInWords } from './http-version.ts'

const over = (...protocols: string[]) =>
  protocols.map((protocol) => ({ timing: { tookMs: 1, transferBytes: 0, protocol } })) as Exchange[]

test('Names what carried a request by what the browser tells, and nothing that it does not.', () => {
  assert.deepEqual(over('h2', 'http/1.1', 'h3').map(httpVersionOf), ['HTTP/2', 'HTTP/1.1', 'HTTP/3'])
  // The name is empty after a cache hit, or where cross-origin timing is withheld.
  assert.equal(httpVersionOf({ timing: { tookMs: 1, transferBytes: 0, protocol: '' } }), 'HTTP')
  assert.equal(httpVersionOf({}), 'HTTP')
})

test('Says what follows from the protocol, as far as the browser tells it.', () => {
  assert.equal(versionsInWords([]), undefined)
  assert.equal(versionsInWords(over('')), undefined)
  assert.equal(versionsInWords(over('h2', 'h2', '')), 'Requests go over HTTP/2, all on one connection.')
  assert.equal(versionsInWords(over('http/1.1')), 'Requests go over HTTP/1.1, at most six at a time.')
  assert.equal(versionsInWords(over('h2', 'http/1.1')), 'Requests go over HTTP/1.1 and HTTP/2.')
})
