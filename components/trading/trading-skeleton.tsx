import { SectionHead } from '#components/ui/section-head.tsx'
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'

/** The trading desk before its prices are here, in its own grid. */
export function TradingSkeleton() {
  return (
    <div className="trading" data-tab="watch">
      <h1 className="sr-only">Trading</h1>
      <div className="trading-watch">
        <SectionHead title="Watchlist" />
        <SkeletonRows rows={6} label="Reading the prices" className="" />
      </div>
      <div className="trading-main">
        <div className="trading-head">
          <Skeleton className="h-9 w-28" />
          <Skeleton className="h-7 w-40" />
        </div>
        <div className="trading-chart">
          <Skeleton className="h-full" />
        </div>
      </div>
      <div className="trading-positions">
        <SectionHead title="Positions" />
      </div>
      <div className="trading-orders">
        <SectionHead title="Orders" />
      </div>
      <div className="trading-side">
        <div className="trading-ticket">
          <SectionHead title="Order" className="mb-3.5" />
          <div className="space-y-4">
            <Skeleton className="h-8" />
            <Skeleton className="h-14" />
            <Skeleton className="h-14" />
            <Skeleton className="h-10" />
          </div>
        </div>
      </div>
    </div>
  )
}
