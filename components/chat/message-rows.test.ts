import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireMessage } from '#server/protocol/chat.ts'
import { rowsOf } from './message-rows.ts'

const start = new Date(2026, 10, 24, 10, 0).getTime()
const minutes = (n: number) => n * 60_000

function message(seq: number, authorId: string, afterMs = 0): WireMessage {
  const author = { id: authorId, name: authorId, handle: authorId }
  const at = new Date(start + afterMs).toISOString()
  return { id: `m${seq}`, seq, clientId: `c${seq}`, authorId, author, body: '…', at, reactions: [] }
}

const noor = { readerId: 'noor' }
const shapes = (rows: ReturnType<typeof rowsOf>) =>
  rows.map((row) => (row.type === 'message' ? `${row.message.seq}${row.lead ? ' lead' : ''}` : row.type))

test('Messages of one author within five minutes stand under one name.', () => {
  const rows = rowsOf(
    [
      message(1, 'mira'),
      message(2, 'mira', minutes(4)),
      message(3, 'mira', minutes(9.5)),
      message(4, 'ilya', minutes(9.6)),
    ],
    noor,
  )
  assert.deepEqual(shapes(rows), ['day', '1 lead', '2', '3 lead', '4 lead'])
})

test('A new day begins under its own name, and so does an answer.', () => {
  const late = minutes(14 * 60 - 1)
  const rows = rowsOf([message(1, 'mira', late), message(2, 'mira', late + minutes(2))], noor)
  assert.deepEqual(shapes(rows), ['day', '1 lead', 'day', '2 lead'])
  const author = { id: 'ilya', name: 'Ilya', handle: 'ilya' }
  const answer = { ...message(2, 'mira'), replyTo: { seq: 1, author } }
  assert.deepEqual(shapes(rowsOf([message(1, 'mira'), answer], noor)), ['day', '1 lead', '2 lead'])
})

test('What is new begins at the first message of another after the place that was read.', () => {
  const messages = [message(1, 'mira'), message(2, 'noor'), message(3, 'mira'), message(4, 'mira')]
  const rows = rowsOf(messages, { ...noor, since: { seq: 1 } })
  assert.deepEqual(shapes(rows), ['day', '1 lead', '2 lead', 'new', '3 lead', '4'])
  assert.equal(rows.find((row) => row.type === 'new')?.count, 2)
  assert.equal(rowsOf(messages, { ...noor, since: { seq: 0, count: 70 } })[1]?.type, 'new')
  assert.deepEqual(shapes(rowsOf(messages, { ...noor, since: { seq: 4 } })), [
    'day',
    '1 lead',
    '2 lead',
    '3 lead',
    '4',
  ])
})
