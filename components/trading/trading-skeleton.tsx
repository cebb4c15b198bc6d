import { SectionHead } from '#components/ui/section-head.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'

const rows = Array.from({ length: 13 }, (_, row) => row)
const rules = Array.from({ length: 8 }, (_, rule) => rule)

/** The trading desk's layout while its prices are loading. */
export function TradingSkeleton() {
  return (
    <div className="trading" data-tab="watch">
      <h1 className="sr-only">Trading</h1>
      <div role="status" aria-label="Loading prices" className="trading-watch">
        <SectionHead title="Watchlist" className="min-h-11" />
        {rows.map((row) => (
          <div key={row} className="watch-row grid items-center border-b border-line">
            <span className="space-y-2">
              <Skeleton className="w-10" />
              <Skeleton className="h-2! w-16" />
            </span>
            <Skeleton className="h-0.5!" />
            <Skeleton />
            <Skeleton />
          </div>
        ))}
      </div>
      <div className="trading-main">
        <div className="trading-head">
          <Skeleton className="h-9! w-28" />
          <Skeleton className="h-6.5! w-44" />
        </div>
        <div className="trading-chart flex flex-col justify-evenly border-r border-line-strong">
          {rules.map((rule) => (
            <Skeleton key={rule} className="h-px! bg-line!" />
          ))}
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
          <SectionHead title="Order" className="mb-3.5 min-h-11" />
          <Skeleton className="h-8!" />
          <div className="my-8 grid grid-cols-2 gap-3">
            <Skeleton className="h-8!" />
            <Skeleton className="h-8!" />
          </div>
          <Skeleton className="h-8!" />
          <Skeleton className="mt-16 h-10!" />
        </div>
      </div>
    </div>
  )
}
