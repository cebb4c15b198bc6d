'use client'

import { memo, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { PersonName } from '#components/ui/person-name.tsx'
import type { WireRoom } from '#server/protocol/chat.ts'
import { CreateRoomDialog } from './create-room-dialog.tsx'
import { RoomName } from './room-head.tsx'
import { sectionsOf } from './rooms-state.ts'
import { useMembership } from './use-membership.ts'
import type { MoreRooms } from './use-rooms.ts'

type RoomsColumnProps = { rooms: readonly WireRoom[]; openId: string | undefined; more: MoreRooms }

/** The reader's rooms, their invitations, and the public rooms. */
export function RoomsColumn({ rooms, openId, more }: RoomsColumnProps) {
  const [creating, setCreating] = useState(false)
  // While no room is open, this is the page's main heading.
  const Heading = openId === undefined ? 'h1' : 'h2'
  const { mine, invited, open } = sectionsOf(rooms)
  return (
    <nav aria-label="Rooms" className="flex min-h-0 w-full flex-col pl-(--page-x)">
      <div className="flex h-13 shrink-0 items-center justify-between border-b border-line pr-1.5">
        <Heading className="type-section">Rooms</Heading>
        <IconButton label="New room" onClick={() => setCreating(true)}>
          <Icon name="plus" />
        </IconButton>
      </div>
      <div className="-ml-(--page-x) min-h-0 flex-1 overflow-y-auto py-2">
        {mine.length === 0 && (
          <p className="py-2 pr-4 pl-(--page-x) text-ui text-ink-3">You haven’t joined any rooms yet.</p>
        )}
        <ul>
          {mine.map((room) => (
            <RoomLink key={room.id} room={room} open={room.id === openId} />
          ))}
        </ul>
        {invited.length > 0 && (
          <Section title="Invitations">
            {invited.map((room) => (
              <InvitationRow key={room.id} room={room} />
            ))}
          </Section>
        )}
        {open.length > 0 && (
          <Section title="Open to all">
            {open.map((room) => (
              <OpenRoomRow key={room.id} room={room} open={room.id === openId} />
            ))}
          </Section>
        )}
        {more.failed && (
          <p role="status" className="py-2 pr-4 pl-(--page-x) text-ui text-danger">
            No response from the server. The rooms above are still up to date.
          </p>
        )}
        {more.left && (
          <div className="py-3 pr-3 pl-(--page-x)">
            <Button small pending={more.loading} onClick={more.show}>
              Show more rooms
            </Button>
          </div>
        )}
      </div>
      <CreateRoomDialog open={creating} onClose={() => setCreating(false)} />
    </nav>
  )
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title} className="mt-5">
      <h2 className="type-label mr-3 ml-(--page-x) border-b border-line pb-1.5">{title}</h2>
      <ul className="pt-1">{children}</ul>
    </section>
  )
}

/** An invitation: who sent it, and the buttons to accept or decline. */
function InvitationRow({ room }: { room: WireRoom }) {
  const { busy, join, leave } = useMembership(room)
  return (
    <li className="py-1.5 pr-3 pl-(--page-x) text-ui">
      <RoomName name={room.name} visibility={room.visibility} className="font-semibold" />
      {room.invited && (
        <p className="truncate pl-4 text-ink-3">
          from <PersonName person={room.invited.by} />
        </p>
      )}
      <div className="flex gap-2 pt-1.5 pl-4">
        <Button small pending={busy} aria-label={`Join ${room.name}`} onClick={join}>
          Join
        </Button>
        <Button small look="quiet" aria-label={`Decline ${room.name}`} onClick={leave}>
          Decline
        </Button>
      </div>
    </li>
  )
}

/** A public room that the reader has not joined. */
function OpenRoomRow({ room, open }: { room: WireRoom; open: boolean }) {
  const { busy, join } = useMembership(room)
  return (
    <li className="relative flex h-(--row) items-center justify-between gap-2 pr-3 pl-(--page-x) text-ui text-ink-2 hover:bg-hover">
      <HoverLink
        href={`/chat/${room.id}`}
        aria-current={open ? 'page' : undefined}
        className={classes('min-w-0 after:absolute after:inset-0', open && 'font-semibold text-ink')}
      >
        <RoomName name={room.name} visibility={room.visibility} />
      </HoverLink>
      <button
        type="button"
        aria-label={`Join ${room.name}`}
        aria-busy={busy || undefined}
        onClick={join}
        className="relative z-1 text-ink max-md:h-11 max-md:px-2"
      >
        <span className="link">Join</span>
      </button>
    </li>
  )
}

/** One of the reader's rooms, with its unread count. */
const RoomLink = memo(function RoomLink({ room, open }: { room: WireRoom; open: boolean }) {
  const { id, name, visibility, unread } = room
  return (
    <li>
      <HoverLink
        href={`/chat/${id}`}
        aria-current={open ? 'page' : undefined}
        className={classes(
          'flex h-(--row) items-center justify-between gap-2 pr-3.5 pl-(--page-x) text-ui hover:bg-hover focus-visible:outline-offset-[-2px]',
          'aria-[current]:shadow-[inset_3px_0_0_var(--ink)]',
          open || unread > 0 ? 'font-semibold text-ink' : 'text-ink-2',
        )}
      >
        <RoomName name={name} visibility={visibility} />
        {unread > 0 && (
          <span className="type-data font-semibold">
            {formatCount(unread)}
            <span className="sr-only"> unread</span>
          </span>
        )}
      </HoverLink>
    </li>
  )
})
