'use client'
import { formatCount } from '#components/ui/format.ts'
import { PendingDashes } from '#components/ui/pending-dashes.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireAlert } from '#server/protocol/protocol.ts'

/** One alert: when, what, and how many it has reached. */
export function AlertRow({ alert: { at, title, body, sent, done } }: { alert: WireAlert }) {
  const people = `${formatCount(sent)} ${sent === 1 ? 'person' : 'people'}`
  return (
    <li className="grid grid-cols-[var(--clock)_minmax(0,1fr)] gap-x-3 gap-y-1 border-b border-line py-3 last:border-0 @2xl:grid-cols-[var(--clock)_minmax(0,1fr)_auto]">
      <Time at={at} style="full" phone="day" className="pt-0.5 text-ink-2" />
      <div className="min-w-0">
        <h3 className="type-section wrap-anywhere">{title}</h3>
        <p className="text-ui whitespace-pre-wrap text-ink-2 wrap-anywhere">{body}</p>
      </div>
      <span className="type-data inline-flex items-center gap-2 text-ink-2 @max-2xl:col-start-2">
        {!done && <PendingDashes />}
        {done ? `told ${people}` : `${people} so far`}
      </span>
    </li>
  )
}
