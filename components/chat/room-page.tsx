'use client'
import { useCallback, useRef, useState } from 'react'
import { useLine, useLineView } from '#components/live/use-line.tsx'
import type { WireMessageList, WireRoomDetail } from '#server/protocol/chat.ts'
import type { Viewer } from '#server/protocol.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { EmojiPicker } from './emoji-picker.tsx'
import { JumpToLatest } from './jump-to-latest.tsx'
import { LineNotice } from './line-notice.tsx'
import { MessageList } from './message-list.tsx'
import { newOnes } from './message-rows.ts'
import { OlderMessages } from './older-messages.tsx'
import { PeopleColumn } from './people-column.tsx'
import { RoomComposer, type RoomComposerHandle } from './room-composer.tsx'
import { RoomHead, RoomPhoneTitle } from './room-head.tsx'
import { lastOwn, peopleIn, roleOf, withMessage } from './room-state.ts'
import { NoLongerIn, NothingSaid } from './room-states.tsx'
import { SideSheet } from './side-sheet.tsx'
import { TypingLine } from './typing-line.tsx'
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

type RoomPageProps = {
  detail: WireRoomDetail
  list: WireMessageList
  viewer: Viewer
  /** The seq of the message that the address leads to. */
  aimedAt: number | undefined
}

/** A room: what was said, what is being said, and who is there. */
export function RoomPage({ detail, list, viewer, aimedAt: first }: RoomPageProps) {
  const line = useLine()
  const view = useLineView(line)
  const standing = view.state === 'live' || view.state === 'catching-up'
  const field = useRef<RoomComposerHandle>(null)
  const [sheet, setSheet] = useState(false)
  const said = useSaid(viewer.id)
  const company = useCompany(detail.id, viewer.id, standing)

  const { room, setRoom, ended, loading, trouble, showOlder } = useRoom(detail, list, (message, live) => {
    company.hasWritten(message.authorId)
    if (live) said.hear(message)
  })
  const [arrivedAfter] = useState(room.head)
  const sending = useSending(line, viewer.id, { id: detail.id, messages: room.messages }, (message) =>
    setRoom((before) => withMessage(before, message)),
  )
  const place = usePlace(() => void (trouble ? undefined : showOlder()))
  const newest = room.messages.at(-1)?.seq ?? 0
  const reading = useReading(detail, {
    newest,
    atLatest: place.atLatest,
    standing: standing || view.state === 'fallback',
  })
  const { toElement } = place
  const { aimedAt, aim } = useAim(first, {
    oldest: room.messages[0]?.seq,
    more: room.nextBefore !== null,
    loading,
    showOlder: () => void showOlder(),
    show: useCallback((seq) => toElement(`message-${seq}`), [toElement]),
  })
  const doing = useMessageActions({
    roomId: detail.id,
    readerId: viewer.id,
    room,
    setRoom,
    jumpTo: aim,
    toField: () => field.current?.focus(),
  })
  const below = useBelow(newest, place.atLatest)
  useOpenAtNew(first === undefined && detail.unread > 0, place.toElement)

  const own = { ...detail, role: roleOf(room, viewer.id) ?? detail.role, memberCount: room.members.length }
  const names = peopleIn(room)
  const openSheet = () => setSheet(true)
  const send = (body: string) => {
    sending.send(body, doing.replyTo?.seq)
    doing.dropReply()
    reading.clear()
    place.toLatest()
  }
  const column = (
    <PeopleColumn
      room={own}
      members={room.members}
      presence={company.presence}
      readerId={viewer.id}
      tally={room.tally}
      line={view}
    />
  )
  if (ended) {
    return (
      <section aria-label={detail.name} className="min-w-0 flex-1">
        <RoomPhoneTitle room={own} />
        <RoomHead room={own} people={0} />
        <NoLongerIn />
      </section>
    )
  }
  return (
    <>
      <section aria-label={detail.name} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <RoomPhoneTitle room={own} onPeople={openSheet} />
        <RoomHead room={own} head={room.head} people={room.members.length} onPeople={openSheet} />
        <LineNotice view={view} onTryNow={line.tryNow} />
        <div
          ref={place.scroller}
          className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain [overflow-anchor:none]"
        >
          <div ref={place.content} className="pb-3">
            {room.messages.length === 0 && sending.outgoing.length === 0 ? (
              <NothingSaid />
            ) : (
              <OlderMessages
                more={room.nextBefore !== null}
                loading={loading}
                trouble={trouble}
                onMore={() => void showOlder()}
              />
            )}
            <MessageList
              messages={room.messages}
              outgoing={sending.outgoing}
              viewer={viewer}
              since={reading.since}
              arrivedAfter={arrivedAfter}
              aimedAt={aimedAt}
              editing={doing.editing}
              held={doing.picking?.seq}
              owns={own.role === 'owner'}
              offline={!standing && view.state !== 'fallback'}
              actions={doing.actions}
              onSendAgain={sending.sendAgain}
              onDrop={sending.drop}
            />
          </div>
        </div>
        <div className="relative shrink-0 px-(--chat-x) pb-4 max-md:pb-3 md:pl-[calc(var(--chat-x)+80px)]">
          {!place.atLatest && (
            <JumpToLatest count={newOnes(room.messages, viewer.id, below)} onJump={place.toLatest} />
          )}
          <TypingLine names={company.typing.map((id) => firstName(names.get(id)?.name))} />
          <RoomComposer
            ref={field}
            room={own}
            readerId={viewer.id}
            people={room.members}
            replyTo={doing.replyTo}
            onDropReply={doing.dropReply}
            onSend={send}
            onEditLast={() => {
              const last = lastOwn(room, viewer.id)
              if (last) doing.actions.edit(last.seq)
            }}
          />
        </div>
        <p className="sr-only" aria-live="polite">
          {said.words}
        </p>
      </section>
      <aside
        aria-label="People and delivery"
        className="hidden w-62 shrink-0 flex-col overflow-y-auto border-l border-line pr-8 pl-5 @min-[1000px]:flex"
      >
        {column}
      </aside>
      <SideSheet open={sheet} onClose={() => setSheet(false)} label="People and delivery">
        {column}
      </SideSheet>
      <EmojiPicker picking={doing.picking} onPick={doing.actions.react} onClose={doing.stopPicking} />
      <DeleteDialog message={doing.deleting} onClose={doing.stopDeleting} onDelete={doing.remove} />
    </>
  )
}

function firstName(name: string | undefined): string {
  return name?.split(' ', 1)[0] ?? 'Somebody'
}
