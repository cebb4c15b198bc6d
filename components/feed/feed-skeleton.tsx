import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'

/** The feed before its posts are here, in its own grid. */
export function FeedSkeleton() {
  return (
    <div className="feed-column pt-5">
      <div className="md:pl-(--clock)">
        <h1 className="type-title max-md:sr-only">Feed</h1>
        <Skeleton className="mt-2.5 h-11" />
      </div>
      <div className="mt-5">
        <SkeletonRows rows={4} label="Reading the feed" />
      </div>
    </div>
  )
}
