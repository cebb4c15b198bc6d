'use client'
import { useState } from 'react'
import { NamesakesProvider } from '#components/ui/person-name.tsx'
import type { Viewer } from '#server/protocol/protocol.ts'
import { Conversation } from './conversation.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { EmojiPicker } from './emoji-picker.tsx'
import { JumpToLatest } from './jump-to-latest.tsx'
import { LineNotice } from './line-notice.tsx'
import { newOnes } from './message-rows.ts'
import { PeopleColumn } from './people-column.tsx'
import { RoomComposer } from './room-composer.tsx'
import { RoomHead, RoomPhoneTitle } from './room-head.tsx'
import { peopleIn } from './room-state.ts'
import { NoLongerIn } from './room-states.tsx'
import { SideSheet } from './side-sheet.tsx'
import { TypingLine } from './typing-line.tsx'
import { type OpenRoom, type OpenRoomOptions, useOpenRoom } from './use-open-room.ts'

/** A room: what was said, what is being said, and who is there. */
export function RoomPage(options: OpenRoomOptions) {
  const { viewer } = options
  const open = useOpenRoom(options)
  const { own, room, doing, view } = open
  const [sheet, setSheet] = useState(false)
  const openSheet = () => setSheet(true)
  if (open.ended) return <Ended open={open} />
  const people = (
    <PeopleColumn
      room={own}
      members={room.members}
      more={open.moreMembers}
      presence={open.company.presence}
      readerId={viewer.id}
      tally={room.tally}
      line={view}
    />
  )
  return (
    <NamesakesProvider people={[...peopleIn(room).values()]}>
      <section aria-label={own.name} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <RoomPhoneTitle room={own} onPeople={openSheet} />
        <RoomHead room={own} head={room.head} people={room.memberCount} onPeople={openSheet} />
        <LineNotice view={view} onTryNow={open.line.tryNow} />
        <Conversation open={open} viewer={viewer} />
        <Foot open={open} viewer={viewer} />
        <p className="sr-only" aria-live="polite">
          {open.saidWords}
        </p>
      </section>
      <aside
        aria-label="People and delivery"
        className="hidden w-62 shrink-0 flex-col overflow-y-auto border-l border-line pr-8 pl-5 @min-[1000px]:flex"
      >
        {people}
      </aside>
      <SideSheet open={sheet} onClose={() => setSheet(false)} label="People and delivery">
        {people}
      </SideSheet>
      <EmojiPicker picking={doing.picking} onPick={doing.actions.react} onClose={doing.stopPicking} />
      <DeleteDialog message={doing.deleting} onClose={doing.stopDeleting} onDelete={doing.remove} />
    </NamesakesProvider>
  )
}

/** Who types, and where one writes oneself. */
function Foot({ open, viewer }: { open: OpenRoom; viewer: Viewer }) {
  const { room, place, doing } = open
  const names = peopleIn(room)
  return (
    <div className="relative shrink-0 px-(--chat-x) pb-4 max-md:pb-3 md:pl-[calc(var(--chat-x)+80px)]">
      {!place.atLatest && (
        <JumpToLatest count={newOnes(room.messages, viewer.id, open.below)} onJump={place.toLatest} />
      )}
      <TypingLine names={open.company.typing.map((id) => firstName(names.get(id)?.name))} />
      <RoomComposer
        ref={open.field}
        room={open.own}
        readerId={viewer.id}
        people={room.members}
        replyTo={doing.replyTo}
        onDropReply={doing.dropReply}
        onSend={open.write}
        onEditLast={open.editLast}
      />
    </div>
  )
}

function Ended({ open: { own } }: { open: OpenRoom }) {
  return (
    <section aria-label={own.name} className="min-w-0 flex-1">
      <RoomPhoneTitle room={own} />
      <RoomHead room={own} people={0} />
      <NoLongerIn />
    </section>
  )
}

function firstName(name: string | undefined): string {
  return name?.split(' ', 1)[0] ?? 'Somebody'
}
