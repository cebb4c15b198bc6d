import assert from 'node:assert/strict'
import { test } from 'node:test'
import { firstRoom, roomAfter } from '#components/chat/room-state.ts'
import { countedRooms, roomsAfter } from '#components/chat/rooms-state.ts'
import { feedAfter, firstFeed } from '#components/feed/feed-state.ts'
import { bellAfter, emptyBell } from '#components/notifications/bell-state.ts'
import { accountAfter, firstAccount } from '#components/trading/account-state.ts'
import type { WireRoom, WireRoomDetail } from '#server/protocol/chat.ts'
import type { WireEntry } from '#server/protocol/streams.ts'

/** From a node whose code is newer than this page. */
const newer: WireEntry = {
  seq: 10,
  type: 'thing.invented',
  at: '2026-11-30T10:00:00.000Z',
  data: { deep: [1] },
}

test('RO8 An entry of an unknown type moves the position of what a page holds, and changes nothing else.', () => {
  const detail: WireRoomDetail = {
    ...{ id: 'a', name: 'a', visibility: 'public', memberCount: 1, role: 'member', unread: 0, readUpTo: 9 },
    ...{ createdAt: newer.at, members: [], cursor: 'k7x9.9' },
  }
  const room = firstRoom(detail, { items: [], nextBefore: null, cursor: 'k7x9.9' })
  assert.deepEqual(roomAfter(room, newer), { ...room, head: 10, tally: roomAfter(room, newer).tally })

  const rooms = countedRooms([detail as WireRoom])
  assert.deepEqual(
    roomsAfter(rooms, 'a', newer, 'noor'),
    rooms.map((each) => ({ ...each, cursor: 'k7x9.10' })),
  )

  const feed = firstFeed({ items: [], cursor: 'k7x9.9', nextBefore: null })
  assert.equal(feedAfter(feed, newer, 'noor'), feed)

  const account = firstAccount(
    {
      ...{ currency: 'EUR', cashMinor: 1, heldMinor: 0, realisedMinor: 0, positions: [], orders: [] },
      cursor: 'k7x9.9',
    },
    { items: [], nextBefore: null },
  )
  assert.equal(accountAfter(account, newer), account)

  const bell = { ...emptyBell, cursor: 'k7x9.9' }
  assert.deepEqual(bellAfter(bell, { type: 'entries', entries: [newer] }), { ...bell, cursor: 'k7x9.10' })
})
