'use client'
import { useMounted } from '#components/ui/use-mounted.ts'
import { dayName } from './day-name.ts'
import { chatGrid } from './message-row.tsx'

/** Where a day begins, in the reader's zone. */
export function DayLine({ at }: { at: string }) {
  const mounted = useMounted()
  return (
    <div className={`${chatGrid} pt-4`}>
      <div className="col-span-3 border-b border-line pb-2 pl-(--chat-clock)">
        <span className="type-label">{mounted ? dayName(new Date(at), new Date()) : '\u00a0'}</span>
      </div>
    </div>
  )
}
