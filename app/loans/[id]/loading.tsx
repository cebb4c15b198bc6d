import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'

export default function LoadingLoan() {
  return (
    <div className="page-x pt-6">
      <Skeleton className="w-32" />
      <Skeleton className="mt-4 h-6 w-80 max-w-full" />
      <div className="mt-6 mb-10 flex gap-8 border-y border-line-strong py-5">
        {['status', 'term', 'instalment', 'applied'].map((fact) => (
          <Skeleton key={fact} className="w-24" />
        ))}
      </div>
      <SkeletonRows label="Loading the loan" rows={5} />
    </div>
  )
}
