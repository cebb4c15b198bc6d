import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserEntryData, WireNotification } from '#server/protocol/notifications.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { asMarked, type BellEvent, type BellState, bellAfter, emptyBell } from './bell-state.ts'

const at = '2026-11-24T10:42:31.000Z'
const readAt = '2026-11-24T10:43:00.000Z'

test('A notification made comes first, with the count that the server says', () => {
  const bell = after(list(2, 1), made(3, 7))
  assert.deepEqual(seqsOf(bell), [3, 2, 1])
  assert.equal(bell.unread, 7)
  assert.equal(bell.cursor, 'k7aa.3')
})

test('What is known already changes nothing, and entries of other kinds move the cursor alone', () => {
  const bell = after(list(2, 1), made(2, 9), entry(3, 'loan.approved', {}))
  assert.deepEqual(seqsOf(bell), [2, 1])
  assert.equal(bell.unread, 2)
  assert.equal(bell.cursor, 'k7aa.3')
})

test('A notification withdrawn goes, wherever it stood', () => {
  const bell = after(list(2, 1), entry(3, 'notification.withdrawn', { seq: 1, unread: 1 }))
  assert.deepEqual(seqsOf(bell), [2])
  assert.equal(bell.unread, 1)
})

test('Read elsewhere, single ones or all up to one are read here too', () => {
  const single = after(list(3, 2, 1), read(4, { seqs: [2] }, 2))
  assert.deepEqual(unreadOf(single), [3, 1])
  const all = after(list(3, 2, 1), read(4, { upTo: 2 }, 1))
  assert.deepEqual(unreadOf(all), [3])
})

test('A mark shows at once, in the list and in the count', () => {
  const bell = after(list(3, 2, 1), mark({ seqs: [3, 2] }))
  assert.deepEqual(unreadOf(bell), [1])
  assert.equal(asMarked(bell).unread, 1)
})

test('An older entry that arrives after a mark does not make it flash back', () => {
  // The server created 4 before it handled the mark: its count still includes what is marked.
  const marked = after(list(3, 2, 1), mark({ upTo: 3 }), made(4, 4))
  assert.deepEqual(unreadOf(marked), [4])
  assert.equal(asMarked(marked).unread, 1)
  const told = bellAfter(marked, { type: 'entries', entries: [read(5, { upTo: 3 }, 1)] })
  assert.equal(asMarked(told).unread, 1)
  assert.deepEqual(told.marks, [])
})

test('All marked as read is none unread, also where the server counts more than the pages that are here', () => {
  const long = bellAfter(emptyBell, { type: 'snapshot', list: { ...pageOf(3, 2), unread: 40 } })
  const marked = bellAfter(long, mark({ upTo: 3 }))
  assert.equal(asMarked(marked).unread, 0)
  const meanwhile = bellAfter(marked, { type: 'entries', entries: [made(4, 41)] })
  assert.equal(asMarked(meanwhile).unread, 1)
})

test('A mark that is refused is taken back, and the reason told', () => {
  const problem = { type: '/problems/unavailable', title: 'Unavailable', status: 503 }
  const bell = after(list(2, 1), mark({ seqs: [2] }), { type: 'mark-refused', id: 1, problem })
  assert.deepEqual(unreadOf(bell), [2, 1])
  assert.equal(asMarked(bell).unread, 2)
  assert.equal(bell.lastError, problem)
})

test('A refusal takes back its own mark and none beside it', () => {
  const bell = after(list(2, 1), mark({ seqs: [2] }), mark({ seqs: [1] }, 2), { type: 'mark-refused', id: 1 })
  assert.deepEqual(unreadOf(bell), [2])
})

test('A page of older ones is laid below, without what is there already', () => {
  const bell = after(
    list(4, 3),
    { type: 'older-asked' },
    { type: 'older', list: { items: [3, 2, 1].map(notification), nextBefore: null } },
  )
  assert.deepEqual(seqsOf(bell), [4, 3, 2, 1])
  assert.equal(bell.nextBefore, null)
  assert.equal(bell.loadingOlder, false)
})

test('After a reset the list is read again, and what came meanwhile is applied to it, once', () => {
  const bell = after(
    list(9, 8),
    { type: 'reset' },
    { type: 'entries', entries: [made(4, 3), made(5, 4)] },
    { type: 'snapshot', list: { ...pageOf(4, 3), cursor: 'm2bb.4' } },
  )
  assert.deepEqual(seqsOf(bell), [5, 4, 3])
  assert.equal(bell.unread, 4)
  assert.equal(bell.cursor, 'm2bb.5')
})

// ---- Bells

function after(...happened: (BellEvent | WireEntry)[]): BellState {
  return happened.reduce<BellState>(
    (bell, one) => bellAfter(bell, 'seq' in one ? { type: 'entries', entries: [one] } : one),
    emptyBell,
  )
}

function list(...seqs: number[]): BellEvent {
  return { type: 'snapshot', list: pageOf(...seqs) }
}

function pageOf(...seqs: number[]) {
  return {
    items: seqs.map(notification),
    unread: seqs.length,
    cursor: `k7aa.${seqs[0] ?? 0}`,
    nextBefore: String(seqs.at(-1)),
  }
}

function notification(seq: number): WireNotification {
  return { seq, at, readAt: null, kind: 'sign-in', data: { device: 'a phone' } }
}

function made(seq: number, unread: number): WireEntry {
  return entry(seq, 'notification.made', { kind: 'sign-in', data: { device: 'a phone' }, unread })
}

function read(seq: number, order: { upTo: number } | { seqs: number[] }, unread: number): WireEntry {
  return entry(seq, 'notification.read', { ...order, readAt, unread })
}

function entry(seq: number, type: keyof UserEntryData | 'loan.approved', data: object): WireEntry {
  return { seq, type, at, data }
}

function mark(order: { upTo: number } | { seqs: number[] }, id = 1): BellEvent {
  return { type: 'marked', mark: { id, order, at: readAt } }
}

function seqsOf({ items }: BellState): number[] {
  return items.map(({ seq }) => seq)
}

function unreadOf(bell: BellState): number[] {
  return asMarked(bell)
    .notifications.filter((item) => item.readAt === null)
    .map(({ seq }) => seq)
}
