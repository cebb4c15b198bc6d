import assert from 'node:assert/strict'
import type {
  RoomEntryData,
  WireInvitation,
  WireMessage,
  WireMessageList,
  WireRoom,
  WireRoomDetail,
  WireRoomList,
} from '#server/protocol/chat.ts'
import type { MessageDraft, RoomDraft } from '#server/protocol/chat-schemas.ts'
import type { WireEntry, WirePage } from '#server/protocol/streams.ts'
import type { Person } from './person.ts'

type Sender = Pick<Person, 'send'>
type Reader = Pick<Person, 'get'>

/** Creates a room owned by this person, with these members. */
export async function roomOf(
  owner: Sender,
  members: Sender[] = [],
  visibility: RoomDraft['visibility'] = 'public',
): Promise<WireRoomDetail> {
  const room = await done<WireRoomDetail>(
    owner.send('POST', '/api/rooms', { name: 'A room', visibility }),
    201,
  )
  for (const member of members) await join(member, room.id)
  return room
}

export function join(person: Sender, roomId: string): Promise<WireRoomDetail> {
  return done(person.send('PUT', `/api/rooms/${roomId}/membership`), 200)
}

export function leave(person: Sender, roomId: string): Promise<void> {
  return done(person.send('DELETE', `/api/rooms/${roomId}/membership`), 204)
}

export function invite(person: Sender, roomId: string, { id }: Pick<Person, 'id'>): Promise<WireInvitation> {
  return done(person.send('POST', `/api/rooms/${roomId}/invitations`, { userId: id }), 201)
}

export function expel(owner: Sender, roomId: string, { id }: Pick<Person, 'id'>): Promise<void> {
  return done(owner.send('DELETE', `/api/rooms/${roomId}/members/${id}`), 204)
}

let said = 0

/** Sends a message under a new client id. */
export function say(
  person: Sender,
  roomId: string,
  body: string,
  more: Partial<MessageDraft> = {},
): Promise<WireMessage> {
  said += 1
  return done(
    person.send('POST', `/api/rooms/${roomId}/messages`, { clientId: `said-${said}`, body, ...more }),
    201,
  )
}

export function edit(
  person: Sender,
  roomId: string,
  { seq }: Pick<WireMessage, 'seq'>,
  body: string,
): Promise<WireMessage> {
  return done(person.send('PATCH', `/api/rooms/${roomId}/messages/${seq}`, { body }), 200)
}

export function remove(
  person: Sender,
  roomId: string,
  { seq }: Pick<WireMessage, 'seq'>,
): Promise<WireMessage> {
  return done(person.send('DELETE', `/api/rooms/${roomId}/messages/${seq}`), 200)
}

export function react(
  person: Sender,
  roomId: string,
  { seq }: Pick<WireMessage, 'seq'>,
  emoji: string,
  method: 'PUT' | 'DELETE' = 'PUT',
): Promise<WireMessage> {
  const path = `/api/rooms/${roomId}/messages/${seq}/reactions/${encodeURIComponent(emoji)}`
  return done(person.send(method, path), 200)
}

/** A room as listed for this person; undefined when it is not listed. */
export async function listedRoom(person: Reader, roomId: string): Promise<WireRoom | undefined> {
  for (let query = ''; ; ) {
    const { items, nextBefore } = await done<WireRoomList>(person.get(`/api/rooms${query}`), 200)
    const found = items.find(({ id }) => id === roomId)
    if (found || nextBefore === null) return found
    query = `?before=${nextBefore}`
  }
}

export function roomFor(person: Reader, roomId: string): Promise<WireRoomDetail> {
  return done(person.get(`/api/rooms/${roomId}`), 200)
}

/** One page of messages. */
export function pageIn(person: Reader, roomId: string, before?: string | null): Promise<WireMessageList> {
  const query = before ? `?before=${before}` : ''
  return done(person.get(`/api/rooms/${roomId}/messages${query}`), 200)
}

/** All messages of a room, oldest first, as a reload would read them. */
export async function messagesIn(person: Reader, roomId: string): Promise<WireMessage[]> {
  const messages: WireMessage[] = []
  for (let before: string | null | undefined; before !== null; ) {
    const page: WireMessageList = await pageIn(person, roomId, before)
    messages.unshift(...page.items)
    before = page.nextBefore
  }
  return messages
}

export type RoomEntry = {
  [Type in keyof RoomEntryData]: WireEntry<RoomEntryData[Type]> & { type: Type }
}[keyof RoomEntryData]

/** All entries of a room's stream after a cursor, by short polls. */
export async function entriesIn(person: Reader, roomId: string, after?: string): Promise<RoomEntry[]> {
  const entries: RoomEntry[] = []
  for (let place = after; ; ) {
    const query: string = place === undefined ? '' : `?after=${place}`
    const page: WirePage = await done(person.get(`/api/streams/room:${roomId}${query}`), 200)
    entries.push(...(page.entries as RoomEntry[]))
    if (!page.more) return entries
    place = page.next
  }
}

/** The body of a response, which must have the expected status. */
export async function done<T>(asked: Promise<Response>, status: number): Promise<T> {
  const answer = await asked
  const text = await answer.text()
  assert.equal(answer.status, status, text)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
