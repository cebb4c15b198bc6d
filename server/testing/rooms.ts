import assert from 'node:assert/strict'
import type { RoomDraft, WireMessage, WireMessageList, WireRoomDetail } from '#server/protocol/chat.ts'
import type { Person } from './person.ts'

/** A room of this person's, with these in it too. */
export async function roomOf(
  owner: Pick<Person, 'send'>,
  members: Pick<Person, 'send'>[] = [],
  visibility: RoomDraft['visibility'] = 'public',
): Promise<WireRoomDetail> {
  const answer = await owner.send('POST', '/api/rooms', { name: 'A room', visibility })
  const text = await answer.text()
  assert.equal(answer.status, 201, text)
  const room = JSON.parse(text) as WireRoomDetail
  for (const member of members) {
    const joined = await member.send('PUT', `/api/rooms/${room.id}/membership`)
    assert.equal(joined.status, 200, await joined.text())
  }
  return room
}

/** All messages of a room, oldest first, as a reload would read them. */
export async function messagesIn(person: Pick<Person, 'get'>, roomId: string): Promise<WireMessage[]> {
  const messages: WireMessage[] = []
  for (let before: string | null = ''; before !== null; ) {
    const query: string = before === '' ? '' : `?before=${before}`
    const answer = await person.get(`/api/rooms/${roomId}/messages${query}`)
    const text = await answer.text()
    assert.equal(answer.status, 200, text)
    const { items, nextBefore } = JSON.parse(text) as WireMessageList
    messages.unshift(...items)
    before = nextBefore
  }
  return messages
}
