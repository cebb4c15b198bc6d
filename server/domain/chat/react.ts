import type { Transaction } from '#server/log/postgres-log.ts'
import { messageLimits, type RoomEntryData, type WireMessage } from '#server/protocol/chat.ts'
import { type ChatDeps, roomStream } from './chat-deps.ts'
import { membershipOf } from './membership.ts'
import { lockUndeletedMessage, readMessage } from './read-message.ts'
import { TooManyReactions } from './refusals.ts'

/**
 * Adds a reaction to a message, one per user and emoji, or removes it; repeated, it changes nothing. Throws
 * `MessageDeleted`, `MessageNotFound`, `NotAMember`, `RoomNotFound`, `TooManyReactions`.
 */
export async function react(
  deps: ChatDeps,
  tx: Transaction,
  userId: string,
  roomId: string,
  seq: number,
  { emoji, added }: { emoji: string; added: boolean },
): Promise<WireMessage> {
  await membershipOf(tx, roomId, userId)
  const { id } = await lockUndeletedMessage(tx, roomId, seq)
  const mine = { messageId: id, userId, emoji }
  const { count } = added
    ? await tx.reaction.createMany({ data: mine, skipDuplicates: true })
    : await tx.reaction.deleteMany({ where: mine })
  const message = await readMessage(tx, roomId, seq)
  if (count === 0) return message
  if (message.reactions.length > messageLimits.maxReactions) {
    throw new TooManyReactions(`A message carries at most ${messageLimits.maxReactions} different reactions`)
  }
  const { reactions } = message
  const data = { seq, emoji, by: userId, added, reactions } satisfies RoomEntryData['message.reacted']
  await deps.log.append(tx, [{ stream: roomStream(roomId), type: 'message.reacted', data }])
  return message
}

const oneEmoji = /^\p{RGI_Emoji}$/v

/** Exactly one emoji (RGI_Emoji); undefined for any other text. */
export function parseEmoji(text: string): string | undefined {
  return oneEmoji.test(text) ? text : undefined
}
