'use client'

import Link from 'next/link'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import type { Visibility, WireRoom } from '#server/protocol/chat.ts'

type RoomHeadProps = { room: WireRoom; people: number; onPeople?: () => void }

/** The room's name and its topic. On phones the top bar shows them. */
export function RoomHead({ room, people, onPeople }: RoomHeadProps) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-3 border-b border-line-strong px-(--chat-x) max-md:sr-only">
      <Link
        href="/chat"
        aria-label="All rooms"
        className="-ml-2 grid size-8 place-items-center rounded hover:bg-hover @min-[800px]:hidden"
      >
        <Icon name="chevron-left" />
      </Link>
      <h1 className="type-section min-w-0" title={room.name}>
        <RoomName name={room.name} visibility={room.visibility} />
      </h1>
      {room.topic && (
        <p className="min-w-0 shrink-3 truncate text-ui text-ink-2" title={room.topic}>
          <bdi>{room.topic}</bdi>
        </p>
      )}
      {onPeople && (
        <IconButton
          label={`People, ${formatCount(people)}`}
          onClick={onPeople}
          className="ml-auto @min-[1000px]:hidden"
        >
          <Icon name="people" />
        </IconButton>
      )}
    </header>
  )
}

/** The back link and the room's name, in the top bar on phones; pressing the name shows the members. */
export function RoomPhoneTitle({ room, onPeople }: Pick<RoomHeadProps, 'room' | 'onPeople'>) {
  const name = <RoomName name={room.name} visibility={room.visibility} className="max-w-36 font-semibold" />
  return (
    <div
      data-phone-title
      className="relative z-20 -mt-(--bar) flex h-(--bar) w-fit shrink-0 items-center md:hidden"
    >
      <Link href="/chat" aria-label="All rooms" className="ml-1 grid size-11 place-items-center">
        <Icon name="chevron-left" />
      </Link>
      {onPeople ? (
        <button
          type="button"
          aria-label={`People in ${room.name}`}
          onClick={onPeople}
          className="flex h-11 items-center"
        >
          {name}
        </button>
      ) : (
        name
      )}
    </div>
  )
}

/** A room's name after its sign: # for a public one, a lock for one by invitation. */
export function RoomName({
  name,
  visibility,
  className,
}: {
  name: string
  visibility: Visibility
  className?: string
}) {
  return (
    <span className={classes('flex min-w-0 items-center', className)}>
      <span className="w-4 shrink-0">
        {visibility === 'public' ? (
          <span className="pl-px font-normal" aria-hidden>
            #
          </span>
        ) : (
          <Icon name="lock" className="-ml-0.5 size-3.5" />
        )}
      </span>
      <bdi className="truncate">{name}</bdi>
      {visibility === 'invite' && <span className="sr-only">, invite only</span>}
    </span>
  )
}
