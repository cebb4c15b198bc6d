'use client'

import { type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from 'react'
import { browserStorage } from '#components/live/browser-features.ts'
import type { SharedSocket } from '#components/live/shared-socket.ts'
import { useSocket } from '#components/live/use-socket.tsx'
import type { WireMember, WireMessage, WireRoom } from '#server/protocol/chat.ts'
import { MessageComposer } from './message-composer.tsx'

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

/** A room's message field with its draft; a keystroke re-renders only this. */
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

/** A room's draft, kept in this browser for this reader until it is sent. */
function useDraft(readerId: string, roomId: string): [text: string, setText: (text: string) => void] {
  const key = `draft ${readerId} ${roomId}`
  const [text, setText] = useState('')
  useEffect(() => setText(browserStorage.getItem(key) ?? ''), [key])
  return [
    text,
    (next) => {
      setText(next)
      if (next === '') browserStorage.removeItem(key)
      else browserStorage.setItem(key, next)
    },
  ]
}

/** How often it is repeated while typing goes on, in ms; on the server each event lasts a little longer. */
const againMs = 3_000

/** Reports that the reader is typing. Losing one does no harm, so nothing waits for an acknowledgement. */
function useTellTyping(roomId: string) {
  const line = useSocket()
  const typing = useMemo(() => sendTyping(line, roomId), [line, roomId])
  useEffect(() => typing.stop, [typing])
  return typing
}

function sendTyping(line: SharedSocket, roomId: string) {
  let toldAtMs: number | undefined
  return {
    go() {
      const nowMs = Date.now()
      if (line.view().state !== 'live' || (toldAtMs !== undefined && nowMs - toldAtMs < againMs)) return
      toldAtMs = nowMs
      void line.send('chat:typing', { roomId })
    },
    stop() {
      if (toldAtMs === undefined) return
      toldAtMs = undefined
      if (line.view().state === 'live') void line.send('chat:typing', { roomId, typing: false })
    },
    /** Sending a message implies that typing has stopped. */
    sent() {
      toldAtMs = undefined
    },
  }
}
