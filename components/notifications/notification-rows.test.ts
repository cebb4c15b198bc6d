import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Notice, WireNotification } from '#server/protocol/notifications.ts'
import { formatSeqs, sectionsOf } from './notification-rows.ts'
import { placeOf, rowWords, sentenceOf } from './notification-words.ts'

const now = new Date(2026, 10, 24, 10, 43)

test('likes of one post are one row, named by the newest, with the seqs of all', () => {
  const rows = onlySection([like(91, 'Mira'), like(90, 'Ilya'), like(89, 'Dana'), like(88, 'Sam')])
  assert.deepEqual(rows.map(rowWords), [
    { subject: 'Mira', text: 'and 3 others liked your post', detail: '“Hello”' },
  ])
  assert.deepEqual(
    rows.map(({ items }) => formatSeqs(items)),
    ['88–91'],
  )
})

test('one who likes again after an unlike is counted once', () => {
  const rows = onlySection([like(5, 'Mira'), like(3, 'Mira')])
  assert.equal(rows.map(rowWords)[0]?.text, 'liked your post')
})

test('likes of another post, and comments on the same one, are rows of their own', () => {
  const rows = onlySection([like(4, 'Mira'), comment(3, 'Mira'), like(2, 'Ilya'), like(1, 'Dana', 8)])
  assert.deepEqual(
    rows.map(({ items }) => items.map(({ seq }) => seq)),
    [[4, 2], [3], [1]],
  )
})

test('two comments of one person are counted as times, not as people', () => {
  assert.equal(
    onlySection([comment(2, 'Ilya'), comment(1, 'Ilya')]).map(rowWords)[0]?.text,
    'commented on your post twice',
  )
})

test('what is read stands by the reader’s day, and is not grouped with what is unread', () => {
  const sections = sectionsOf(
    [
      like(9, 'Mira'),
      read(like(8, 'Ilya'), 0),
      read(like(7, 'Dana'), 1),
      read(like(6, 'Sam'), 2),
      read(like(5, 'Sam'), 400),
    ],
    now.getTime(),
  )
  assert.deepEqual(
    sections.map(({ title }) => title),
    ['Unread', 'Earlier today', 'Yesterday', '22 Nov', '20 Oct 2025'],
  )
})

test('seqs with holes are told as they are', () => {
  const seqs = (...all: number[]) => formatSeqs(all.map((seq) => ({ seq })))
  assert.deepEqual([seqs(7), seqs(9, 7), seqs(8, 9, 3), seqs(1, 3, 5)], ['7', '7, 9', '3, 8–9', '1 … 5'])
})

test('each notification leads to its thing', () => {
  const loan = made(1, { kind: 'loan', data: { loanId: 'L-1', status: 'under-review' } })
  const alert = made(2, { kind: 'alert', data: { alertId: 1, title: 'Tonight', body: 'We move.' } })
  assert.deepEqual([like(3, 'Mira'), comment(4, 'Mira'), loan, alert].map(placeOf), [
    '/feed/7',
    '/feed/7#comment-4',
    '/loans/L-1',
    undefined,
  ])
  assert.equal(sentenceOf(loan), 'Loan L-1 is under review')
  assert.equal(sentenceOf(alert), 'Tonight')
})

function onlySection(notifications: WireNotification[]) {
  const [section] = sectionsOf(notifications, now.getTime())
  assert.ok(section)
  return section.rows
}

function made(seq: number, notice: Notice): WireNotification {
  return { seq, at: now.toISOString(), readAt: null, ...notice }
}

function like(seq: number, name: string, postId = 7): WireNotification {
  return made(seq, { kind: 'like', data: { postId, excerpt: 'Hello', by: person(name) } })
}

function comment(seq: number, name: string): WireNotification {
  const data = { postId: 7, commentId: seq, excerpt: 'Which?', by: person(name) }
  return made(seq, { kind: 'comment', data })
}

function person(name: string) {
  return { id: name, name, handle: name.toLowerCase() }
}

function read(notification: WireNotification, daysAgo: number): WireNotification {
  const at = new Date(now)
  at.setDate(at.getDate() - daysAgo)
  return { ...notification, at: at.toISOString(), readAt: now.toISOString() }
}
