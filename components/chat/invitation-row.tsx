'use client'
import { Button } from '#components/ui/button.tsx'
import { PersonName } from '#components/ui/person-name.tsx'
import type { WireRoom } from '#server/protocol/chat.ts'
import { RoomName } from './room-name.tsx'
import { useMembership } from './use-membership.ts'

/** A room that one is asked into: by whom, and the answer. */
export function InvitationRow({ room }: { room: WireRoom }) {
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
