'use client'

import { useEffect, useMemo, useRef, useState } from 'react'
import type { Sent } from '#components/live/send-json.ts'
import { showToast } from '#components/ui/toast-store.ts'
import type { WireMessage } from '#server/protocol/chat.ts'
import type { Picking } from './emoji-picker.tsx'
import { deleteMessage, editMessage, failureReason, failureTitle, react } from './room-requests.ts'
import { changed, peopleIn, type RoomState, reactedWith } from './room-state.ts'

type Options = {
  roomId: string
  readerId: string
  room: RoomState
  setRoom: (change: (before: RoomState) => RoomState) => void
  jumpTo: (seq: number) => void
  /** Focuses the message field. */
  toField: () => void
}

/** The actions on a room's messages, and the state of those under way. */
export function useMessageActions({ roomId, readerId, room, setRoom, jumpTo, toField }: Options) {
  const [picking, setPicking] = useState<Picking>()
  const [replyTo, setReplyTo] = useState<WireMessage>()
  const [editing, setEditing] = useState<number>()
  const [deleting, setDeleting] = useState<WireMessage>()
  const changes = useMemo(() => changesOf(roomId, readerId, setRoom), [roomId, readerId, setRoom])
  const now = useRef({ room, jumpTo, toField })
  useEffect(() => {
    now.current = { room, jumpTo, toField }
  })

  const actions = useMemo<MessageActions>(() => {
    const found = (seq: number) => now.current.room.messages.find((one) => one.seq === seq)
    const stopEditing = () => {
      setEditing(undefined)
      now.current.toField()
    }
    return {
      pickReaction: setPicking,
      react: (seq, emoji) => {
        const message = found(seq)
        if (message) void changes.react(message, emoji)
      },
      reply: (message) => {
        setReplyTo(message)
        now.current.toField()
      },
      edit: setEditing,
      save: (message, body) => {
        stopEditing()
        void changes.edit(message, body)
      },
      stopEditing,
      askToDelete: setDeleting,
      jumpTo: (seq) => now.current.jumpTo(seq),
      nameOf: (userId) => peopleIn(now.current.room).get(userId)?.name ?? 'someone who has left',
    }
  }, [changes])

  return {
    actions,
    picking,
    stopPicking: () => setPicking(undefined),
    replyTo,
    dropReply: () => setReplyTo(undefined),
    editing,
    deleting,
    stopDeleting: () => {
      setDeleting(undefined)
      if (deleting) focusSoon(deleting.seq)
    },
    remove: (message: WireMessage) => {
      setDeleting(undefined)
      focusSoon(message.seq)
      void changes.remove(message)
    },
  }
}

/**
 * The tool that opened the dialog is gone, because its row lost the focus; the row itself gets it once the dialog has
 * closed.
 */
function focusSoon(seq: number) {
  requestAnimationFrame(() => document.getElementById(`message-${seq}`)?.focus({ preventScroll: true }))
}

type Change = (before: RoomState) => RoomState

/** A reader's changes to existing messages: shown at once, and reverted with a reason if refused. */
function changesOf(roomId: string, readerId: string, setRoom: (change: Change) => void) {
  const attempt = async (
    message: WireMessage,
    wanted: Partial<WireMessage>,
    sending: Promise<Sent<unknown>>,
    title: string,
  ) => {
    setRoom((room) => changed(room, message.seq, wanted))
    const sent = await sending
    if (sent.state === 'done') return
    // The previous values; if the outcome is unknown, the stream delivers the change again.
    const before = Object.fromEntries(
      Object.keys(wanted).map((key) => [key, message[key as keyof WireMessage]]),
    )
    setRoom((room) => changed(room, message.seq, before))
    showToast({ title: failureTitle(sent, title), text: failureReason(sent), danger: true })
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
      return attempt(
        message,
        { reactions },
        react(roomId, message.seq, emoji, added),
        'Reaction not changed.',
      )
    },
  }
}

/** The actions of a conversation's rows. The object is stable, so that rows need not re-render. */
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
