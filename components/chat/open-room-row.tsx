'use client'
import Link from 'next/link'
import { classes } from '#components/ui/classes.ts'
import type { WireRoom } from '#server/protocol/chat.ts'
import { RoomName } from './room-name.tsx'
import { useMembership } from './use-membership.ts'

/** A public room that one is not in. */
export function OpenRoomRow({ room, open }: { room: WireRoom; open: boolean }) {
  const { busy, join } = useMembership(room)
  return (
    <li className="relative flex h-(--row) items-center justify-between gap-2 pr-3 pl-(--page-x) text-ui text-ink-2 hover:bg-hover">
      <Link
        href={`/chat/${room.id}`}
        aria-current={open ? 'page' : undefined}
        className={classes('min-w-0 after:absolute after:inset-0', open && 'font-semibold text-ink')}
      >
        <RoomName name={room.name} visibility={room.visibility} />
      </Link>
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
