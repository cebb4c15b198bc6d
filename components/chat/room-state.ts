import type {
  RoomEntryData,
  RoomRole,
  WireMember,
  WireMemberList,
  WireMessage,
  WireMessageList,
  WireReaction,
  WireRoomDetail,
} from '#server/protocol/chat.ts'
import type { Person } from '#server/protocol/people.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import { excerptOf } from '#server/protocol/text.ts'

/** The page's state of one room. `messages` are in seq order. */
export type RoomState = {
  messages: readonly WireMessage[]
  /** The first page of members by name, those who joined since, and further pages loaded. */
  members: readonly WireMember[]
  membersNextBefore: string | null
  memberCount: number
  /** The seq up to which that count includes entries. */
  countedTo: number
  nextBefore: string | null
  /** The seq of the newest entry. */
  head: number
  tally: Tally
}

/** The members in a room's detail. */
type RoomPeople = Pick<WireRoomDetail, 'members' | 'membersNextBefore' | 'memberCount' | 'cursor'>

export function firstRoom(people: RoomPeople, list: WireMessageList): RoomState {
  const head = seqIn(list.cursor)
  return {
    messages: list.items,
    ...peopleOf(people),
    nextBefore: list.nextBefore,
    head,
    tally: firstTally(head),
  }
}

/** The members' part of the state, as loaded. */
export function peopleOf({ members, membersNextBefore, memberCount, cursor }: RoomPeople) {
  return { members, membersNextBefore: membersNextBefore ?? null, memberCount, countedTo: seqIn(cursor) }
}

/** The seq of a cursor `<epoch>.<seq>`. */
export function seqIn(cursor: string): number {
  return Number(cursor.slice(cursor.indexOf('.') + 1))
}

/** The room after one entry of its stream. Applying one twice changes nothing but the tally. */
export function roomAfter(room: RoomState, entry: WireEntry): RoomState {
  const heard = { ...room, head: Math.max(room.head, entry.seq), tally: tallied(room.tally, entry.seq) }
  switch (entry.type) {
    case 'message.sent': {
      const { message } = entry.data as RoomEntryData['message.sent']
      return withMessage(heard, { ...message, seq: entry.seq, at: entry.at })
    }
    case 'message.edited': {
      const { seq, body, editedAt } = entry.data as RoomEntryData['message.edited']
      return withQuoted(changed(heard, seq, { body, editedAt }), seq, excerptOf(body))
    }
    case 'message.deleted': {
      const { seq, deletedAt } = entry.data as RoomEntryData['message.deleted']
      return withQuoted(changed(heard, seq, { body: '', deletedAt, reactions: [] }), seq, undefined)
    }
    case 'message.reacted': {
      const { seq, reactions } = entry.data as RoomEntryData['message.reacted']
      return changed(heard, seq, { reactions })
    }
    case 'member.joined': {
      const { member } = entry.data as RoomEntryData['member.joined']
      const members = [...others(heard.members, member.id), member]
      // A new owner was a member already, even if not among those loaded.
      return { ...counted(heard, entry.seq, member.role === 'owner' ? 0 : 1), members }
    }
    case 'member.left': {
      const members = others(heard.members, (entry.data as RoomEntryData['member.left']).userId)
      return { ...counted(heard, entry.seq, -1), members }
    }
    case 'person.renamed':
      return withName(heard, (entry.data as RoomEntryData['person.renamed']).person)
    default:
      return heard
  }
}

/** Adds a message unless the room has it: an acknowledgement and its entry both carry it. */
export function withMessage(room: RoomState, message: WireMessage): RoomState {
  const { messages } = room
  if (messages.some(({ seq }) => seq === message.seq)) return room
  const after = messages.findLastIndex(({ seq }) => seq < message.seq) + 1
  return { ...room, messages: messages.toSpliced(after, 0, message) }
}

/** Adds the next page of older messages. */
export function withOlder(room: RoomState, { items, nextBefore }: WireMessageList): RoomState {
  const first = room.messages[0]?.seq ?? Number.POSITIVE_INFINITY
  return { ...room, messages: [...items.filter(({ seq }) => seq < first), ...room.messages], nextBefore }
}

/** Adds another page of members. */
export function withMembers(room: RoomState, { items, nextBefore }: WireMemberList): RoomState {
  const known = new Set(room.members.map(({ id }) => id))
  const members = [...room.members, ...items.filter(({ id }) => !known.has(id))]
  return { ...room, members, membersNextBefore: nextBefore }
}

/** The stream continues elsewhere, so the next seq is no gap. */
export function goneOnFrom(room: RoomState, head: string): RoomState {
  return { ...room, tally: { ...room.tally, last: seqIn(head) } }
}

/** The same room, reloaded from the newest page. */
export function reloadedRoom(room: RoomState, people: RoomPeople, list: WireMessageList): RoomState {
  return { ...firstRoom(people, list), tally: room.tally }
}

/** The last message by `readerId` that can still be edited. */
export function lastOwn(room: RoomState, readerId: string): WireMessage | undefined {
  return room.messages.findLast(({ authorId, deletedAt }) => authorId === readerId && !deletedAt)
}

export function roleOf(room: RoomState, userId: string): RoomRole | undefined {
  return room.members.find(({ id }) => id === userId)?.role
}

/** Everyone whose name the room has: its members, and the authors of loaded messages. */
export function peopleIn({ members, messages }: RoomState): ReadonlyMap<string, Person> {
  return new Map([...messages.map(({ author }) => author), ...members].map((person) => [person.id, person]))
}

/** The reactions once `by` has added or removed theirs, before the server confirms. */
export function reactedWith(reactions: readonly WireReaction[], emoji: string, by: string): WireReaction[] {
  const known = reactions.find((one) => one.emoji === emoji)
  if (!known) return [...reactions, { emoji, by: [by] }]
  const isTheirs = known.by.includes(by)
  const theirs = isTheirs ? known.by.filter((id) => id !== by) : [...known.by, by]
  const count = known.count === undefined ? {} : { count: known.count + (isTheirs ? -1 : 1) }
  return reactions.flatMap((one) =>
    one !== known ? [one] : theirs.length > 0 ? [{ emoji, by: theirs, ...count }] : [],
  )
}

/** Changes a message of the room; does nothing if it is not loaded. */
export function changed(room: RoomState, seq: number, change: Partial<WireMessage>): RoomState {
  if (!room.messages.some((one) => one.seq === seq)) return room
  return { ...room, messages: room.messages.map((one) => (one.seq === seq ? { ...one, ...change } : one)) }
}

/** Updates the quotes of a message in its replies. */
function withQuoted(room: RoomState, seq: number, excerpt: string | undefined): RoomState {
  if (!room.messages.some(({ replyTo }) => replyTo?.seq === seq)) return room
  return {
    ...room,
    messages: room.messages.map((one) => {
      if (one.replyTo?.seq !== seq) return one
      const { author } = one.replyTo
      return { ...one, replyTo: { seq, author, ...(excerpt !== undefined && { excerpt }) } }
    }),
  }
}

/** Replaces a person's name wherever it is shown. */
function withName(room: RoomState, person: Person): RoomState {
  const named = <One extends Person>(one: One): One => (one.id === person.id ? { ...one, ...person } : one)
  return {
    ...room,
    members: room.members.map(named),
    messages: room.messages.map((message) => ({
      ...message,
      author: named(message.author),
      ...(message.replyTo && { replyTo: { ...message.replyTo, author: named(message.replyTo.author) } }),
    })),
  }
}

/** Changes the member count by an entry, unless the count already includes it. */
function counted(room: RoomState, seq: number, more: number): RoomState {
  if (seq <= room.countedTo) return room
  return { ...room, memberCount: room.memberCount + more, countedTo: seq }
}

function others<One extends Person>(people: readonly One[], id: string): One[] {
  return people.filter((person) => person.id !== id)
}

/** The page's count of a stream's seqs: how many never arrived, how many arrived again. `last` is the newest. */
export type Tally = { last: number; lost: number; twice: number }

function firstTally(head: number): Tally {
  return { last: head, lost: 0, twice: 0 }
}

/** The tally after one more seq: every step must be one. */
function tallied({ last, lost, twice }: Tally, seq: number): Tally {
  if (seq <= last) return { last, lost, twice: twice + 1 }
  return { last: seq, lost: lost + seq - last - 1, twice }
}
