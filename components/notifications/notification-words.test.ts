import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Notice, WireNotification } from '#server/protocol/notifications.ts'
import { placeOf, sentenceOf, wordsOf } from './notification-words.ts'

const by = { id: 'mira', name: 'Mira', handle: 'mira' }
const told = (notice: Notice): WireNotification => ({
  ...{ seq: 1, at: '2026-11-24T10:00:00.000Z', readAt: null },
  ...notice,
})

test('A mention in a room names the room, and leads to the message.', () => {
  const data = { roomId: 'r1', roomName: 'wire-talk', seq: 12, excerpt: 'Do you hear?', by }
  const mention = told({ kind: 'mention', data })
  assert.equal(sentenceOf(mention), 'Mira mentioned you in wire-talk')
  assert.equal(placeOf(mention), '/chat/r1?message=12')
  const { seq: _, ...early } = data
  assert.equal(placeOf(told({ kind: 'mention', data: early })), '/chat/r1')
})

test('A mention in the feed leads to the post or the comment.', () => {
  const post = told({ kind: 'mention', data: { postId: 7, excerpt: '…', by } })
  const comment = told({ kind: 'mention', data: { postId: 7, commentId: 9, excerpt: '…', by } })
  assert.deepEqual([placeOf(post), placeOf(comment)], ['/feed/7', '/feed/7#comment-9'])
  assert.equal(sentenceOf(comment), 'Mira mentioned you in a comment')
})

test('An invitation leads to the room, a filled order to the trading panel.', () => {
  const invitation = told({ kind: 'invitation', data: { roomId: 'r1', roomName: 'on-call', by } })
  assert.deepEqual(wordsOf(invitation), { subject: 'Mira', text: 'invited you to a room', detail: 'on-call' })
  assert.equal(placeOf(invitation), '/chat/r1')
  const data = { orderId: 'o1', symbol: 'NRDX', side: 'sell', quantity: 1_200, priceMinor: 8_430 } as const
  const order = told({ kind: 'order', data })
  assert.deepEqual(wordsOf(order).detail, '1,200 at €84.30')
  assert.equal(sentenceOf(order), 'NRDX was sold at your limit')
  assert.equal(placeOf(order), '/trading')
})
