import assert from 'node:assert/strict'
import type { WireMember, WireMessage } from '#server/protocol/chat.ts'
import { excerptOf } from '#server/protocol/text.ts'
import type { RoomEntry } from './rooms.ts'

/** The state of a room after playing its entries from the first, as a page would. */
export type PlayedRoom = { messages: WireMessage[]; members: Map<string, WireMember> }

/** Plays entries, asserting that each is consistent with the state before it. */
export function playedRoom(entries: readonly RoomEntry[]): PlayedRoom {
  const played: PlayedRoom = { messages: [], members: new Map() }
  for (const [nth, entry] of entries.entries()) {
    assert.equal(entry.seq, nth + 1)
    play(entry, played)
  }
  return played
}

function play(entry: RoomEntry, { messages, members }: PlayedRoom) {
  switch (entry.type) {
    case 'member.joined':
      return void members.set(entry.data.member.id, entry.data.member)
    case 'member.left':
      return assert.ok(members.delete(entry.data.userId), 'only a member leaves')
    case 'message.sent': {
      const { seq, at, data } = entry
      assert.ok(members.has(data.message.authorId), 'only a member speaks')
      return void messages.push({ ...data.message, seq, at })
    }
    case 'message.edited': {
      const { seq, body, editedAt } = entry.data
      Object.assign(standing(messages, seq), { body, editedAt })
      return quoted(messages, seq, excerptOf(body))
    }
    case 'message.deleted': {
      const { seq, deletedAt } = entry.data
      Object.assign(standing(messages, seq), { body: '', deletedAt, reactions: [] })
      return quoted(messages, seq, undefined)
    }
    case 'message.reacted': {
      const { seq, by, emoji, added, reactions } = entry.data
      assert.ok(members.has(by), 'only a member reacts')
      assert.equal(reactions.find((each) => each.emoji === emoji)?.by.includes(by) ?? false, added)
      standing(messages, seq).reactions = reactions
    }
  }
}

/** Asserts that the message exists: nothing may happen to a deleted one. */
function standing(messages: readonly WireMessage[], seq: number): WireMessage {
  const message = messages.find((each) => each.seq === seq)
  assert.ok(message && message.deletedAt === undefined, `a message ${seq} stands`)
  return message
}

/** Replies quote a message as it is now. */
function quoted(messages: readonly WireMessage[], seq: number, excerpt: string | undefined) {
  for (const { replyTo } of messages) {
    if (replyTo?.seq !== seq) continue
    delete replyTo.excerpt
    if (excerpt !== undefined) replyTo.excerpt = excerpt
  }
}
