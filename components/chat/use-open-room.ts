'use client'
import { useCallback, useRef, useState } from 'react'
import { useLine, useLineView } from '#components/live/use-line.tsx'
import type { WireMessageList, WireRoomDetail } from '#server/protocol/chat.ts'
import type { Viewer } from '#server/protocol/protocol.ts'
import type { RoomComposerHandle } from './room-composer.tsx'
import { lastOwn, roleOf, withMessage } from './room-state.ts'
import { useAim } from './use-aim.ts'
import { useBelow } from './use-below.ts'
import { useCompany } from './use-company.ts'
import { useMessageActions } from './use-message-actions.ts'
import { useOpenAtNew } from './use-open-at-new.ts'
import { usePlace } from './use-place.ts'
import { useReading } from './use-reading.ts'
import { useRoom } from './use-room.ts'
import { useSaid } from './use-said.ts'
import { useSending } from './use-sending.ts'

export type OpenRoomOptions = {
  detail: WireRoomDetail
  list: WireMessageList
  viewer: Viewer
  /** The seq of the message that the address leads to. */
  aimedAt: number | undefined
}

/** All that goes on in a room while it is open: what is said, read, written, and by whom. */
export function useOpenRoom({ detail, list, viewer, aimedAt: first }: OpenRoomOptions) {
  const { id } = detail
  const line = useLine()
  const view = useLineView(line)
  const onSocket = view.state === 'live' || view.state === 'catching-up'
  const standing = onSocket || view.state === 'fallback'
  const field = useRef<RoomComposerHandle>(null)
  const said = useSaid(viewer.id)
  const company = useCompany(id, viewer.id, onSocket)

  const { room, setRoom, ended, loading, trouble, showOlder, moreMembers } = useRoom(
    detail,
    list,
    (message, live) => {
      company.hasWritten(message.authorId)
      if (live) said.hear(message)
    },
  )
  const { messages } = room
  const [arrivedAfter] = useState(room.head)
  const sending = useSending(line, viewer.id, { id, messages }, (message) =>
    setRoom((before) => withMessage(before, message)),
  )
  const place = usePlace(() => void (trouble ? undefined : showOlder()))
  const newest = messages.at(-1)?.seq ?? 0
  const reading = useReading(detail, { newest, atLatest: place.atLatest, standing })
  const { toElement } = place
  const { aimedAt, aim } = useAim(first, {
    oldest: messages[0]?.seq,
    more: room.nextBefore !== null,
    loading,
    showOlder: () => void showOlder(),
    show: useCallback((seq) => toElement(`message-${seq}`), [toElement]),
  })
  const doing = useMessageActions({
    ...{ roomId: id, readerId: viewer.id, room, setRoom },
    jumpTo: aim,
    toField: () => field.current?.focus(),
  })
  const below = useBelow(newest, place.atLatest)
  useOpenAtNew(first === undefined && detail.unread > 0, toElement)

  return {
    own: { ...detail, role: roleOf(room, viewer.id) ?? detail.role, memberCount: room.memberCount },
    ...{ room, ended, loading, trouble, showOlder, moreMembers, arrivedAfter },
    ...{ line, view, standing, field, company, sending, place, reading, aimedAt, doing, below },
    /** For a screen reader. */
    saidWords: said.words,
    write(body: string) {
      sending.send(body, doing.replyTo?.seq)
      doing.dropReply()
      reading.clear()
      place.toLatest()
    },
    editLast() {
      const last = lastOwn(room, viewer.id)
      if (last) doing.actions.edit(last.seq)
    },
  }
}

export type OpenRoom = ReturnType<typeof useOpenRoom>
