import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'

export default function LoadingDesk() {
  return (
    <div className="page-x pt-8">
      <Skeleton className="mb-8 h-6 w-40" />
      <SkeletonRows label="Loading the desk" />
    </div>
  )
}
