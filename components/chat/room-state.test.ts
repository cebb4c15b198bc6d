import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireMember, WireMessage } from '#server/protocol/chat.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import {
  firstRoom,
  goneOnFrom,
  lastOwn,
  type RoomState,
  reactedWith,
  reloadedRoom,
  roomAfter,
  withMessage,
  withOlder,
} from './room-state.ts'

const mira: WireMember = { id: 'mira', name: 'Mira', handle: 'mira', role: 'owner' }
const ilya: WireMember = { id: 'ilya', name: 'Ilya', handle: 'ilya', role: 'member' }
const at = '2026-11-24T10:00:00.000Z'

function message(seq: number, body = `number ${seq}`, author = mira): WireMessage {
  const { role: _, ...person } = author
  return {
    id: `m${seq}`,
    seq,
    clientId: `c${seq}`,
    authorId: person.id,
    author: person,
    body,
    at,
    reactions: [],
  }
}

function sent(seq: number, author = mira): WireEntry {
  const { seq: _, at: __, ...rest } = message(seq, undefined, author)
  return { seq, type: 'message.sent', at, data: { message: rest } }
}

const entry = (seq: number, type: string, data: unknown): WireEntry => ({ seq, type, at, data })
const people = { members: [mira], memberCount: 1, cursor: 'k7x9.6' }
const room = firstRoom(people, { items: [message(3), message(5)], cursor: 'k7x9.6', nextBefore: '3' })
const seqs = ({ messages }: RoomState) => messages.map(({ seq }) => seq)
const heard = (...entries: WireEntry[]) => entries.reduce(roomAfter, room)

test('A message stands once and in order, whether its acknowledgement or its entry comes first.', () => {
  assert.deepEqual(seqs(heard(sent(7), sent(8))), [3, 5, 7, 8])
  assert.deepEqual(seqs(roomAfter(withMessage(room, message(7)), sent(7))), [3, 5, 7])
  assert.deepEqual(seqs(withMessage(heard(sent(7), sent(8)), message(7))), [3, 5, 7, 8])
  assert.deepEqual(seqs(roomAfter(withMessage(room, message(8)), sent(7))), [3, 5, 7, 8])
})

test('Counts the seqs that never came and those that came again.', () => {
  assert.deepEqual(heard(sent(7), sent(8)).tally, { last: 8, lost: 0, twice: 0 })
  assert.deepEqual(heard(sent(7), sent(10), sent(10)).tally, { last: 10, lost: 2, twice: 1 })
  const moved = roomAfter(goneOnFrom(heard(sent(9)), 'k7x9.20'), sent(21))
  const again = reloadedRoom(
    moved,
    { ...people, cursor: 'k7x9.22' },
    { items: [message(22)], cursor: 'k7x9.22', nextBefore: null },
  )
  assert.deepEqual(again.tally, { last: 21, lost: 2, twice: 0 })
  assert.deepEqual(roomAfter(again, sent(22)).tally, { last: 22, lost: 2, twice: 0 })
})

test('Edits, deletes and reacts in place, and quotes follow what they quote.', () => {
  const reply = { ...message(6), replyTo: { seq: 5, author: mira, excerpt: 'number 5' } }
  const edited = [entry(7, 'message.edited', { seq: 5, body: 'better', editedAt: at })].reduce(
    roomAfter,
    withMessage(room, reply),
  )
  assert.equal(edited.messages[1]?.body, 'better')
  assert.equal(edited.messages[1]?.editedAt, at)
  assert.equal(edited.messages[2]?.replyTo?.excerpt, 'better')
  const reactions = [{ emoji: '👍', by: ['ilya'] }]
  const reacted = roomAfter(edited, entry(8, 'message.reacted', { seq: 5, reactions }))
  assert.deepEqual(reacted.messages[1]?.reactions, reactions)
  const gone = roomAfter(reacted, entry(9, 'message.deleted', { seq: 5, deletedAt: at }))
  assert.deepEqual([gone.messages[1]?.body, gone.messages[1]?.reactions], ['', []])
  assert.equal(gone.messages[2]?.replyTo?.excerpt, undefined)
})

test('People come and go, each once.', () => {
  const joined = heard(
    entry(7, 'member.joined', { member: ilya }),
    entry(8, 'member.joined', { member: ilya }),
  )
  assert.deepEqual(joined.members, [mira, ilya])
  assert.deepEqual(roomAfter(joined, entry(9, 'member.left', { userId: 'ilya' })).members, [mira])
})

test('Older messages go before what is there, and none twice.', () => {
  const older = withOlder(room, {
    items: [message(1), message(2), message(3)],
    cursor: 'k7x9.6',
    nextBefore: null,
  })
  assert.deepEqual(seqs(older), [1, 2, 3, 5])
  assert.equal(older.nextBefore, null)
})

test('The last message of one’s own is the one that can be edited.', () => {
  const after = heard(sent(7, ilya), sent(8), entry(9, 'message.deleted', { seq: 8, deletedAt: at }))
  assert.equal(lastOwn(after, 'mira')?.seq, 5)
  assert.equal(lastOwn(after, 'ilya')?.seq, 7)
  assert.equal(lastOwn(after, 'dana'), undefined)
})

test('A reaction is given and taken back.', () => {
  const given = reactedWith([{ emoji: '🎉', by: ['ilya'] }], '👍', 'mira')
  assert.deepEqual(given, [
    { emoji: '🎉', by: ['ilya'] },
    { emoji: '👍', by: ['mira'] },
  ])
  assert.deepEqual(reactedWith(given, '👍', 'mira'), [{ emoji: '🎉', by: ['ilya'] }])
})
