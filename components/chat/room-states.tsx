import Link from 'next/link'
import type { ReactNode } from 'react'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

/** For a room without messages. */
export function NoMessagesYet() {
  return (
    <div className="px-(--chat-x) py-12 md:pl-[calc(var(--chat-x)+80px)]">
      <StateBlock drawing={<LaneDrawing kind="ws" look="beating" />} title="No messages yet">
        The connection is open. New messages appear here without a reload. Write the first one.
      </StateBlock>
    </div>
  )
}

/** For a reader who left, or was removed, while the room was open. */
export function NoLongerIn() {
  return (
    <Framed>
      <div role="alert">
        <StateBlock
          drawing={<LaneDrawing kind="ws" look="ended" />}
          title="You’re no longer in this room"
          actions={
            <Link href="/chat" className="link">
              All rooms
            </Link>
          }
        >
          You no longer have access, so the server stopped sending messages and this page no longer shows
          them.
        </StateBlock>
      </div>
    </Framed>
  )
}

/** For a reader who is in no room. */
export function NoRoomsYet() {
  return (
    <Framed>
      <StateBlock drawing={<LaneDrawing kind="ws" look="hollow" />} title="You haven’t joined any rooms yet">
        Join one that’s open to all, or create your own with the plus next to “Rooms”.
      </StateBlock>
    </Framed>
  )
}

function Framed({ children }: { children: ReactNode }) {
  return <div className="px-(--chat-x) py-12">{children}</div>
}

/** A room's layout while its messages are loading. */
export function RoomSkeleton() {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-13 shrink-0 items-center border-b border-line-strong px-(--chat-x) max-md:hidden">
        <Skeleton className="w-40" />
      </div>
      <div className="min-h-0 flex-1 overflow-hidden px-(--chat-x)">
        <SkeletonRows rows={6} label="Loading the room" className="" />
      </div>
      <div className="px-(--chat-x) pb-4 md:pl-[calc(var(--chat-x)+80px)]">
        <Skeleton className="h-11" />
      </div>
    </div>
  )
}
