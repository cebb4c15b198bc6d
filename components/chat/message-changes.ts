import type { Sent } from '#components/live/send-json.ts'
import { showToast } from '#components/ui/toast-store.ts'
import type { WireMessage } from '#server/protocol/chat.ts'
import { deleteMessage, editMessage, react, reasonOf, titleOf } from './room-orders.ts'
import { changed, type RoomState, reactedWith } from './room-state.ts'

type Change = (before: RoomState) => RoomState

/** What a reader does to messages that are there: shown at once, and taken back with a reason when it is refused. */
export function changesOf(roomId: string, readerId: string, setRoom: (change: Change) => void) {
  const attempt = async (
    message: WireMessage,
    wanted: Partial<WireMessage>,
    sending: Promise<Sent<unknown>>,
    title: string,
  ) => {
    setRoom((room) => changed(room, message.seq, wanted))
    const sent = await sending
    if (sent.state === 'done') return
    // What was there before; the stream tells it anew if nobody knows what happened.
    const before = Object.fromEntries(
      Object.keys(wanted).map((key) => [key, message[key as keyof WireMessage]]),
    )
    setRoom((room) => changed(room, message.seq, before))
    showToast({ title: titleOf(sent, title), text: reasonOf(sent), danger: true })
  }
  return {
    edit: (message: WireMessage, body: string) =>
      attempt(
        message,
        { body, editedAt: new Date().toISOString() },
        editMessage(roomId, message.seq, body),
        'Not edited.',
      ),
    remove: (message: WireMessage) =>
      attempt(
        message,
        { body: '', deletedAt: new Date().toISOString(), reactions: [] },
        deleteMessage(roomId, message.seq),
        'Not deleted.',
      ),
    react: (message: WireMessage, emoji: string) => {
      const added = !message.reactions.find((one) => one.emoji === emoji)?.by.includes(readerId)
      const reactions = reactedWith(message.reactions, emoji, readerId)
      return attempt(message, { reactions }, react(roomId, message.seq, emoji, added), 'No reaction.')
    },
  }
}
