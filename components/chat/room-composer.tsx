'use client'
import { type Ref, useImperativeHandle, useMemo, useRef } from 'react'
import type { WireMember, WireMessage, WireRoom } from '#server/protocol/chat.ts'
import { MessageComposer } from './message-composer.tsx'
import { useDraft } from './use-draft.ts'
import { useTellTyping } from './use-tell-typing.ts'

export type RoomComposerHandle = { focus: () => void }

type RoomComposerProps = {
  ref: Ref<RoomComposerHandle>
  room: WireRoom
  readerId: string
  people: readonly WireMember[]
  replyTo: WireMessage | undefined
  onDropReply: () => void
  onSend: (body: string) => void
  onEditLast: () => void
}

/** The field of a room with its draft; each letter is drawn here and nowhere else. */
export function RoomComposer({ ref, room, readerId, people, onSend, ...rest }: RoomComposerProps) {
  const [text, setText] = useDraft(readerId, room.id)
  const typing = useTellTyping(room.id)
  const others = useMemo(() => people.filter(({ id }) => id !== readerId), [people, readerId])
  const field = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), [])

  const write = (next: string) => {
    setText(next)
    if (next.trim() === '') typing.stop()
    else typing.go()
  }
  const send = (body: string) => {
    typing.sent()
    setText('')
    onSend(body)
    field.current?.focus()
  }
  return (
    <MessageComposer
      ref={field}
      roomName={room.name}
      text={text}
      onText={write}
      people={others}
      onSend={send}
      {...rest}
    />
  )
}
