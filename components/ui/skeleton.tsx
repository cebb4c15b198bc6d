import { classes } from './classes.ts'

/** A placeholder block in the page's real grid. It does not shimmer. */
export function Skeleton({ className }: { className?: string }) {
  return <span className={classes('block h-2.5 bg-hover', className)} />
}

const widths = ['w-36', 'w-24', 'w-32', 'w-28', 'w-40', 'w-20'] as const

/**
 * Up to six placeholder rows of a list: time, two lines, the figure at the end. Announces "Loading" to screen readers.
 */
export function SkeletonRows({
  rows = 4,
  label = 'Loading',
  className = 'border-t border-line-strong',
}: {
  rows?: number
  label?: string
  className?: string
}) {
  return (
    <div role="status" aria-label={label} className={className}>
      {widths.slice(0, rows).map((width) => (
        <div key={width} className="flex gap-6 border-b border-line py-4 last:border-0">
          <Skeleton className="w-14" />
          <div className="flex-1 space-y-2.5">
            <Skeleton className={width} />
            <Skeleton className="w-3/4" />
          </div>
          <Skeleton className="w-7" />
        </div>
      ))}
    </div>
  )
}

/** Three moving dashes: something is pending. Used instead of spinners. */
export function PendingDashes() {
  return (
    <svg width={20} height={2} viewBox="0 0 20 2" className="block shrink-0" aria-hidden>
      <path
        d="M0 1H20"
        stroke="currentColor"
        strokeWidth={2}
        strokeDasharray="5 3"
        className="animate-[pending_600ms_linear_infinite] motion-reduce:animate-none"
      />
    </svg>
  )
}
