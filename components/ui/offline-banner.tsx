'use client'
import { Cut } from '#components/lane/cut.tsx'
import { Button } from './button.tsx'
import { formatCountdown } from './format.ts'
import { Time } from './time.tsx'

export type OfflineNotice = {
  sinceMs: number
  /** The cursor up to which everything is here. */
  upTo?: string
  /** What becomes of what the reader writes meanwhile. */
  promise?: string
  /** `null` while a try is under way. */
  nextTryInMs: number | null
  tryNow: () => void
}

/** The line is down: since when, what is safe, when the next try comes. Lies across the top of the page. */
export function OfflineBanner({ sinceMs, upTo, promise, nextTryInMs, tryNow }: OfflineNotice) {
  return (
    <section
      aria-label="Connection"
      className="page-x flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b-2 border-danger bg-danger-wash py-1.5 text-ui"
    >
      <svg width={30} height={12} viewBox="0 0 30 12" className="block shrink-0 text-danger" aria-hidden>
        <path d="M0 6h10M20 6h10" stroke="currentColor" strokeWidth={2} />
        <Cut x={15} y={6} reach={3} />
      </svg>
      <strong role="status" className="font-semibold text-danger">
        Offline since <Time at={sinceMs} className="font-semibold" />
      </strong>
      <span className="flex-1 text-ink-2 max-md:basis-full">
        {upTo && (
          <>
            Everything up to entry <span className="type-data">{upTo}</span> is here.{' '}
          </>
        )}
        {promise}
      </span>
      <span className="type-data text-ink-2">
        {nextTryInMs === null ? 'trying …' : `next try in ${formatCountdown(nextTryInMs)}`}
      </span>
      <Button small onClick={tryNow}>
        Try now
      </Button>
    </section>
  )
}
