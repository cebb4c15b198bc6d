import type { WireMessage } from '#server/protocol/chat.ts'
import type { Picking } from './emoji-picker.tsx'

/** What a row of the conversation can ask for. The object stays the same, so that rows need not be drawn again. */
export type MessageActions = {
  pickReaction: (picking: Picking) => void
  react: (seq: number, emoji: string) => void
  reply: (message: WireMessage) => void
  edit: (seq: number) => void
  save: (message: WireMessage, body: string) => void
  stopEditing: () => void
  askToDelete: (message: WireMessage) => void
  jumpTo: (seq: number) => void
  nameOf: (userId: string) => string
}
