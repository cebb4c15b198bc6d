import { LaneLine } from '#components/lane/lane-line.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { chatGrid } from './message-row.tsx'

/** What came since the reader left begins here: the two rails. */
export function NewLine({ at, count }: { at: string; count: number }) {
  return (
    <div id="new-messages" className={`${chatGrid} items-center pt-3.5 font-semibold text-ws-ink`}>
      <Time at={at} phone="minute" className="font-semibold" />
      <div role="separator" className="col-span-2 flex items-center gap-3 text-ui">
        {formatCount(count)} new since you left
        <svg height={8} className="block min-w-0 flex-1 text-ws" aria-hidden>
          <LaneLine kind="ws" from={0} to="100%" at={4} />
        </svg>
      </div>
    </div>
  )
}
