import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packetGroupOf, readPacket } from './read-packet.ts'

test('Tells Engine.IO’s own packets by their digit', () => {
  const open = '{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'
  assert.deepEqual(readPacket(`0${open}`), { kind: 'open', head: '0', json: open })
  assert.deepEqual(
    ['1', '2', '3', '3probe', '5', '6'].map((text) => readPacket(text).kind),
    ['close', 'ping', 'pong', 'pong', 'upgrade', 'noop'],
  )
})

test('Takes a message apart: type, ack id, event and JSON', () => {
  assert.deepEqual(readPacket('421["chat:send",{"roomId":"r"}]'), {
    kind: 'event',
    head: '42',
    ackId: 1,
    name: 'chat:send',
    json: '["chat:send",{"roomId":"r"}]',
  })
  assert.deepEqual(readPacket('4312[{"ok":true}]'), {
    kind: 'ack',
    head: '43',
    ackId: 12,
    json: '[{"ok":true}]',
  })
  assert.deepEqual(readPacket('40{"sid":"a"}'), { kind: 'connect', head: '40', json: '{"sid":"a"}' })
  assert.deepEqual(
    ['41', '44{"message":"no"}'].map((text) => readPacket(text).kind),
    ['disconnect', 'refused'],
  )
})

test('Finds the ack id behind a namespace and a count of binary parts', () => {
  const { ackId, name, head } = readPacket('451-/admin,7["file",{"_placeholder":true,"num":0}]')
  assert.deepEqual({ ackId, name, head }, { ackId: 7, name: 'file', head: '451-/admin,' })
})

test('Anything else is unknown, and no reason to fail', () => {
  for (const text of ['', '9', 'x', '4', '47', '4["no type"]']) assert.equal(readPacket(text).kind, 'unknown')
  assert.equal(readPacket('42[1,2]').name, undefined)
  assert.equal(readPacket('42').json, '')
})

test('A command and its acknowledgement belong together, ticks and pings are apart', () => {
  const group = (text: string, direction: 'sent' | 'received') => packetGroupOf(readPacket(text), direction)
  assert.equal(group('421["follow",{}]', 'sent'), 'commands')
  assert.equal(group('431[{"ok":true}]', 'received'), 'commands')
  assert.equal(group('42["entries",{}]', 'received'), 'entries')
  assert.equal(group('42["ticks",{}]', 'received'), 'ticks')
  assert.equal(group('42["typing",{}]', 'received'), 'other')
  assert.equal(group('2', 'received'), 'pings')
  assert.equal(group('3', 'sent'), 'pings')
})
