import { randomUUID } from 'node:crypto'
import type { Client } from 'pg'
import type { RoomEntryData, WireMember, WireQuote, WireReaction } from '#server/protocol/chat.ts'
import type { Person } from '#server/protocol/people.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { type DemoRoom, demoRooms, type Said, type Who } from './demo-rooms.ts'

type Type = keyof RoomEntryData
type RoomEntry = { [T in Type]: { type: T; at: Date; data: RoomEntryData[T] } }[Type]
/** The moment that many minutes ago, by the database's clock. */
type Ago = (minutes: number) => Date
type People = ReadonlyMap<Who, Person>
type PlacedMessage = Said & { id: string; seq: number; at: Date; clientId: string }

const minuteMs = 60_000
/** The rooms' age, which is more than that of their first message. */
const roomAgeMinutes = 50 * 60

/** Adds missing demo rooms, if all the people in them exist. */
export async function seedRooms(client: Client): Promise<void> {
  const ids = [
    ...new Set(demoRooms.flatMap(({ members, invited }) => [...members, invited?.who ?? members[0]])),
  ]
  const { rows } = await client.query<Person & { id: Who }>(
    'SELECT id, name, handle FROM "user" WHERE id = ANY($1)',
    [ids],
  )
  const people: People = new Map(rows.map((person) => [person.id, person]))
  if (people.size !== ids.length) return
  const now = await client.query<{ now: Date }>('SELECT now()')
  const nowMs = now.rows[0]?.now.getTime() ?? Date.now()
  const ago = (minutes: number) => new Date(nowMs - minutes * minuteMs)
  for (const room of demoRooms) await addRoom(room, people, ago, client)
}

/** An existing room stays as it is, because its messages are its members'. A deleted one is not added again. */
async function addRoom(room: DemoRoom, people: People, ago: Ago, client: Client) {
  await client.query('BEGIN')
  const { rowCount } = await client.query(
    `INSERT INTO room (id, name, topic, visibility, "createdAt") SELECT $1, $1, $2, $3, $4
     WHERE NOT EXISTS (SELECT FROM log_head WHERE stream = $5) ON CONFLICT DO NOTHING`,
    [room.id, room.topic, room.visibility, ago(roomAgeMinutes), `room:${room.id}`],
  )
  if (rowCount === 1) await fill(room, people, ago, client)
  await client.query('COMMIT')
}

/** Writes rows and entries that agree, as if the verbs of `server/domain/chat` had made them at those times. */
async function fill(room: DemoRoom, people: People, ago: Ago, client: Client) {
  const entries: RoomEntry[] = room.members.map((who, nth) => ({
    type: 'member.joined',
    at: ago(roomAgeMinutes - nth),
    data: { member: memberOf(room, who, people) },
  }))
  const messages: PlacedMessage[] = []
  for (const [nth, said] of room.said.entries()) {
    const at = ago(said.minutesAgo)
    const message = { ...said, id: randomUUID(), seq: entries.length + 1, at, clientId: `demo-${nth}` }
    messages.push(message)
    entries.push(sent(message, messages, people), ...reacted(message))
  }
  await insertEntries(`room:${room.id}`, entries, client)
  await insertMembers(room, messages, ago, client)
  await insertMessages(room.id, messages, client)
}

function memberOf({ members }: DemoRoom, who: Who, people: People): WireMember {
  return { ...personOf(who, people), role: who === members[0] ? 'owner' : 'member' }
}

function personOf(who: Who, people: People): Person {
  const person = people.get(who)
  if (!person) throw new Error(`There is no ${who}`)
  return person
}

function sent(message: PlacedMessage, messages: readonly PlacedMessage[], people: People): RoomEntry {
  const { id, clientId, who, body, at } = message
  const answered = message.answers === undefined ? undefined : messages[message.answers]
  const replyTo: WireQuote | undefined = answered && {
    seq: answered.seq,
    author: personOf(answered.who, people),
    excerpt: excerptOf(answered.body),
  }
  const author = personOf(who, people)
  return {
    type: 'message.sent',
    at,
    data: {
      message: { id, clientId, authorId: who, author, body, ...(replyTo && { replyTo }), reactions: [] },
    },
  }
}

/** One minute apart. */
function reacted({ seq, at, reactions = [] }: PlacedMessage): RoomEntry[] {
  const so: WireReaction[] = []
  return reactions.map(({ emoji, by }, nth) => {
    const same = so.find((each) => each.emoji === emoji)
    if (same) same.by.push(by)
    else so.push({ emoji, by: [by] })
    const data = { seq, emoji, by, added: true, reactions: structuredClone(so) }
    return { type: 'message.reacted', at: reactedAt(at, nth), data }
  })
}

function reactedAt(saidAt: Date, nth: number): Date {
  return new Date(saidAt.getTime() + (nth + 1) * minuteMs)
}

async function insertEntries(stream: string, entries: readonly RoomEntry[], client: Client) {
  await client.query('INSERT INTO log_head (stream, seq) VALUES ($1, $2)', [stream, entries.length])
  await client.query(
    `INSERT INTO log_entry (stream, seq, type, at, data)
     SELECT $1, seq, type, at, data FROM unnest($2::text[], $3::timestamptz[], $4::json[])
     WITH ORDINALITY AS t(type, at, data, seq)`,
    [
      stream,
      entries.map(({ type }) => type),
      entries.map(({ at }) => at),
      entries.map(({ data }) => JSON.stringify(data)),
    ],
  )
}

/** Everyone has read up to their own last message, and nothing after it. */
async function insertMembers(
  { id, members, invited }: DemoRoom,
  messages: PlacedMessage[],
  ago: Ago,
  client: Client,
) {
  for (const [nth, who] of members.entries()) {
    const own = messages.findLast((message) => message.who === who)
    await client.query(
      `INSERT INTO room_member ("roomId", "userId", role, "readSeq", "joinedAt") VALUES ($1, $2, $3, $4, $5)`,
      [id, who, nth === 0 ? 'owner' : 'member', own?.seq ?? nth + 1, ago(roomAgeMinutes - nth)],
    )
  }
  if (!invited) return
  await client.query(
    `INSERT INTO room_invitation ("roomId", "userId", "byId", "createdAt") VALUES ($1, $2, $3, $4)`,
    [id, invited.who, invited.by, ago(20 * 60)],
  )
}

async function insertMessages(roomId: string, messages: readonly PlacedMessage[], client: Client) {
  for (const { id, seq, at, who, clientId, body, answers, reactions = [] } of messages) {
    const replyTo = answers === undefined ? undefined : messages[answers]?.seq
    await client.query(
      `INSERT INTO message (id, "roomId", seq, at, "authorId", "clientId", body, "replyTo")
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [id, roomId, seq, at, who, clientId, body, replyTo],
    )
    for (const [nth, { emoji, by }] of reactions.entries()) {
      await client.query(
        'INSERT INTO reaction ("messageId", "userId", emoji, "createdAt") VALUES ($1, $2, $3, $4)',
        [id, by, emoji, reactedAt(at, nth)],
      )
    }
  }
}
