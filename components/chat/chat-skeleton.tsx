import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'

/** A room before its messages are here, in its own grid. */
export function RoomSkeleton() {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <div className="flex h-13 shrink-0 items-center border-b border-line-strong px-(--chat-x) max-md:hidden">
        <Skeleton className="w-40" />
      </div>
      <div className="min-h-0 flex-1 overflow-hidden px-(--chat-x)">
        <SkeletonRows rows={6} label="Reading the room" className="" />
      </div>
      <div className="px-(--chat-x) pb-4 md:pl-[calc(var(--chat-x)+80px)]">
        <Skeleton className="h-11" />
      </div>
    </div>
  )
}
