'use client'

import { type ReactNode, useState } from 'react'
import type { ConnectionView } from '#components/live/connection.ts'
import type { FallbackReason } from '#components/live/fallback.ts'
import { WireTrouble } from '#components/shell/wire-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog, useModal } from '#components/ui/dialog.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { NamesakesProvider } from '#components/ui/person-name.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import type { WireMessage } from '#server/protocol/chat.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { Conversation } from './conversation.tsx'
import { EmojiPicker } from './emoji-picker.tsx'
import { newOnes } from './message-rows.ts'
import { PeopleColumn } from './people-column.tsx'
import { RoomComposer } from './room-composer.tsx'
import { RoomHead, RoomPhoneTitle } from './room-head.tsx'
import { peopleIn } from './room-state.ts'
import { NoLongerIn } from './room-states.tsx'
import { type OpenRoom, type OpenRoomOptions, useOpenRoom } from './use-open-room.ts'

/** A room: its messages, who is typing, and its members. */
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
        <RoomHead room={own} people={room.memberCount} onPeople={openSheet} />
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

/** Who is typing, and the message field. */
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
  return name?.split(' ', 1)[0] ?? 'Someone'
}

/** For a reader who has scrolled up: how many new messages are below, and a button to scroll there. */
function JumpToLatest({ count, onJump }: { count: number; onJump: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-full z-10 mb-2 flex justify-center">
      <Button onClick={onJump} className="pointer-events-auto h-8 border-ink bg-raised hover:bg-hover">
        <Icon name="down" />
        {count > 0 ? `${formatCount(count)} new below` : 'Jump to latest'}
      </Button>
    </div>
  )
}

const reasons = {
  'refused-upgrade': 'Something between you and the server blocks WebSocket connections',
  'cut-at-once': 'Something between you and the server closes every WebSocket connection right away',
} as const satisfies Partial<Record<FallbackReason['how'], string>>

const place = 'mx-(--chat-x) mt-2'

/** The state of the connection, where the reader must know it: a fallback is in use, or nothing is connected. */
function LineNotice({ view, onTryNow }: { view: ConnectionView; onTryNow: () => void }) {
  const { state, fallbackReason } = view
  if (state !== 'fallback') {
    return <WireTrouble what="The room" view={view} onTryNow={onTryNow} className={place} />
  }
  return (
    <Notice className={place}>
      {(fallbackReason && reasons[fallbackReason.how as keyof typeof reasons]) ??
        'No WebSocket connection could be opened'}
      . The room keeps working over Server-Sent Events and HTTP, without presence and typing indicators.
    </Notice>
  )
}

type SideSheetProps = { open: boolean; onClose: () => void; label: string; children: ReactNode }

/** A column without room beside the page: it slides over it from the right. */
function SideSheet({ open, onClose, label, children }: SideSheetProps) {
  const dialog = useModal(open)
  return (
    <dialog
      ref={dialog}
      aria-label={label}
      onClose={onClose}
      // A click on the backdrop targets the dialog itself.
      onPointerDown={({ target, currentTarget }) => target === currentTarget && onClose()}
      className="mt-0 mr-0 mb-0 ml-auto h-dvh max-h-none w-[min(320px,calc(100vw-48px))] max-w-none border-l border-ink bg-bg text-ink backdrop:bg-ink/25"
    >
      <div className="flex min-h-full flex-col px-5 pb-8">
        <div className="-mr-2 flex h-12 shrink-0 items-center justify-end">
          <IconButton label="Close" onClick={onClose}>
            <Icon name="close" />
          </IconButton>
        </div>
        {open && children}
      </div>
    </dialog>
  )
}

const named = 3

/** Who is typing now. The line keeps its height when nobody is. */
function TypingLine({ names }: { names: readonly string[] }) {
  return (
    <p role="status" aria-live="off" className="mb-0.5 flex h-6 items-center gap-2.5 text-ui text-ink-2">
      {names.length > 0 && (
        <>
          <span className="text-ws">
            <PendingDashes />
          </span>
          <span className="truncate">
            {names.length > named ? `${names.length} people` : <Names names={names} />}{' '}
            {names.length === 1 ? 'is' : 'are'} typing
          </span>
        </>
      )}
    </p>
  )
}

function Names({ names }: { names: readonly string[] }) {
  return names.map((name, n) => (
    <span key={name}>
      {n > 0 && (n === names.length - 1 ? ' and ' : ', ')}
      <bdi className="font-semibold">{name}</bdi>
    </span>
  ))
}

type DeleteDialogProps = {
  message: WireMessage | undefined
  onClose: () => void
  onDelete: (message: WireMessage) => void
}

/** Confirms the deletion of a message. */
function DeleteDialog({ message, onClose, onDelete }: DeleteDialogProps) {
  return (
    <Dialog
      open={message !== undefined}
      onClose={onClose}
      title="Delete this message?"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="danger" onClick={() => message && onDelete(message)}>
            Delete
          </Button>
        </>
      }
    >
      <p dir="auto" className="mb-3 line-clamp-3 border-l-2 border-line-strong pl-3 text-ink wrap-anywhere">
        {message?.body}
      </p>
      Its text is removed for everyone, here and in the log. A note that a message was deleted stays in its
      place.
    </Dialog>
  )
}
