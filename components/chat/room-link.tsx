import Link from 'next/link'
import { memo } from 'react'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import type { WireRoom } from '#server/protocol/chat.ts'
import { RoomName } from './room-name.tsx'

/** A room that one is in, with what is unread there. */
export const RoomLink = memo(function RoomLink({ room, open }: { room: WireRoom; open: boolean }) {
  const { id, name, visibility, unread } = room
  return (
    <li>
      <Link
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
      </Link>
    </li>
  )
})
