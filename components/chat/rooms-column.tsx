'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import type { WireRoom } from '#server/protocol/chat.ts'
import { CreateRoomDialog } from './create-room-dialog.tsx'
import { InvitationRow } from './invitation-row.tsx'
import { OpenRoomRow } from './open-room-row.tsx'
import { RoomLink } from './room-link.tsx'
import { sectionsOf } from './rooms-state.ts'
import type { MoreRooms } from './use-rooms.ts'

type RoomsColumnProps = { rooms: readonly WireRoom[]; openId: string | undefined; more: MoreRooms }

/** The rooms that one is in, those one is asked into, and those that stand open. */
export function RoomsColumn({ rooms, openId, more }: RoomsColumnProps) {
  const [creating, setCreating] = useState(false)
  // While no room is open, this is what the page is about.
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
          <p className="py-2 pr-4 pl-(--page-x) text-ui text-ink-3">You are in no room yet.</p>
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
            No answer came. The rooms above are still up to date.
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
