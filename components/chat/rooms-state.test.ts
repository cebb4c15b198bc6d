import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRoom } from '#server/protocol/chat.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { countedRooms, refreshed, roomsAfter, sectionsOf, unreadIn, withRead } from './rooms-state.ts'

const at = '2026-11-24T10:00:00.000Z'
const room = (id: string, more: Partial<WireRoom> = {}): WireRoom => ({
  id,
  name: id,
  visibility: 'public',
  memberCount: 2,
  createdAt: at,
  role: 'member',
  unread: 0,
  readUpTo: 4,
  cursor: 'k7x9.4',
  ...more,
})
const sent = (seq: number, authorId: string): WireEntry => ({
  seq,
  type: 'message.sent',
  at,
  data: { message: { authorId, body: 'Hello' } },
})
const heard = (...entries: WireEntry[]) =>
  entries.reduce(
    (rooms, entry) => roomsAfter(rooms, 'a', entry, 'noor'),
    countedRooms([room('a'), room('b')]),
  )

test('Counts what others write, once, and nothing of one’s own.', () => {
  const rooms = heard(sent(5, 'mira'), sent(5, 'mira'), sent(6, 'mira'))
  assert.deepEqual(
    rooms.map(({ unread }) => unread),
    [2, 0],
  )
  assert.equal(unreadIn(rooms), 2)
  assert.equal(rooms[0]?.cursor, 'k7x9.6')
  const [answered] = roomsAfter(rooms, 'a', sent(7, 'noor'), 'noor')
  assert.deepEqual([answered?.unread, answered?.readUpTo], [0, 7])
})

test('What is deleted before it was read is not unread any more.', () => {
  const deleted = (at: number, seq: number): WireEntry => ({
    ...sent(at, ''),
    type: 'message.deleted',
    data: { seq },
  })
  assert.equal(heard(sent(5, 'mira'), sent(6, 'mira'), deleted(7, 5), deleted(8, 3))[0]?.unread, 1)
})

test('Takes the server’s word for what is read, unless it is an older one.', () => {
  const read = withRead(heard(sent(5, 'mira'), sent(6, 'mira')), 'a', {
    readUpTo: 6,
    unread: 0,
    cursor: 'k7x9.6',
  })
  assert.equal(read[0]?.unread, 0)
  assert.equal(withRead(read, 'a', { readUpTo: 5, unread: 1, cursor: 'k7x9.6' })[0]?.unread, 0)
})

test('Tells rooms that one is in from invitations and from open ones.', () => {
  const by = { id: 'mira', name: 'Mira', handle: 'mira' }
  const invited = room('c', { role: undefined, invited: { by, at } })
  const { mine, invited: asked, open } = sectionsOf([room('a'), invited, room('d', { role: undefined })])
  assert.deepEqual(
    [mine, asked, open].map((rooms) => rooms.map(({ id }) => id)),
    [['a'], ['c'], ['d']],
  )
})

test('A list that was read before the last entries does not undo them.', () => {
  const rooms = heard(sent(5, 'mira'))
  const [late] = refreshed(rooms, [room('a', { memberCount: 3 })])
  assert.deepEqual([late?.unread, late?.cursor, late?.memberCount], [1, 'k7x9.5', 3])
  const [later] = refreshed(rooms, [room('a', { unread: 2, cursor: 'k7x9.6' })])
  assert.deepEqual([later?.unread, later?.cursor], [2, 'k7x9.6'])
  assert.deepEqual(refreshed(rooms, []), [])
})

test('A count that another device’s reading brings late has what was told since it was taken.', () => {
  const rooms = heard(sent(5, 'mira'), sent(6, 'mira'), sent(7, 'mira'))
  // Read up to 5, counted at the room's seq 6: message 7 arrived before the response.
  const late = withRead(rooms, 'a', { readUpTo: 5, unread: 1, cursor: 'k7x9.6' })
  assert.equal(late[0]?.unread, 2)
})

test('A count that is ahead of the stream is not counted up by what it has already.', () => {
  const ahead = withRead(heard(sent(5, 'mira')), 'a', { readUpTo: 5, unread: 2, cursor: 'k7x9.7' })
  const told = [6, 7, 8].reduce((rooms, seq) => roomsAfter(rooms, 'a', sent(seq, 'mira'), 'noor'), ahead)
  assert.equal(told[0]?.unread, 3)
})

test('An older count does not undo a newer one, and an older list does not undo a reading.', () => {
  const rooms = withRead(heard(sent(5, 'mira')), 'a', { readUpTo: 4, unread: 2, cursor: 'k7x9.6' })
  assert.equal(withRead(rooms, 'a', { readUpTo: 4, unread: 1, cursor: 'k7x9.5' })[0]?.unread, 2)
  const read = withRead(rooms, 'a', { readUpTo: 6, unread: 0, cursor: 'k7x9.6' })
  assert.equal(refreshed(read, [room('a', { unread: 1, cursor: 'k7x9.5' })])[0]?.unread, 0)
})

test('A list says what another device has read, though the stream is further.', () => {
  const rooms = heard(sent(5, 'mira'), sent(6, 'mira'))
  const [read] = refreshed(rooms, [room('a', { unread: 0, readUpTo: 5, cursor: 'k7x9.5' })])
  assert.deepEqual([read?.unread, read?.readUpTo, read?.cursor], [1, 5, 'k7x9.6'])
})
