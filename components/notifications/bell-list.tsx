'use client'
import Link from 'next/link'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { useNearEnd } from '#components/ui/use-near-end.ts'
import type { Bell } from './bell.ts'
import { BellRow, type RowWire } from './bell-row.tsx'
import { type NotificationSection, sectionsOf } from './notification-rows.ts'

export type BellFilter = 'all' | 'unread'

type BellListProps = { bell: Bell; nowMs: number; filter: BellFilter; onGo: () => void }

/** The notifications by section, with older ones loaded when scrolled to or requested. */
export function BellList({ bell, nowMs, filter, onGo }: BellListProps) {
  const { notifications, hasOlder, loadingOlder, loadOlder, lastError } = bell
  const shown = filter === 'all' ? notifications : notifications.filter(({ readAt }) => readAt === null)
  const end = useNearEnd(loadOlder, hasOlder && !loadingOlder && !lastError)
  if (!bell.loaded) return <SkeletonRows label="Loading notifications" rows={5} className="px-4" />
  return (
    <>
      {sectionsOf(shown, nowMs).map((section) => (
        <Section key={section.title} section={section} bell={bell} onGo={onGo} />
      ))}
      {shown.length === 0 && !hasOlder && <Empty filter={filter} onGo={onGo} />}
      {lastError && (
        <Notice danger className="m-4">
          {lastError.detail ?? lastError.title}
          {lastError.requestId && (
            <span className="type-data block text-ink-2">request {lastError.requestId}</span>
          )}
        </Notice>
      )}
      {hasOlder && (
        <div ref={end} className="px-4 py-3">
          <Button small pending={loadingOlder} onClick={loadOlder}>
            {loadingOlder ? 'Loading older notifications' : 'Show older'}
          </Button>
        </div>
      )}
      {!hasOlder && notifications.length > 0 && (
        <p className="px-4 py-3 text-[12.5px] text-ink-3">
          No older notifications.{' '}
          <Link href="/account#notifications" onClick={onGo} className="link">
            Notification settings
          </Link>
        </p>
      )}
    </>
  )
}

type SectionProps = { section: NotificationSection; bell: Bell; onGo: () => void }

function Section({ section: { title, rows }, bell, onGo }: SectionProps) {
  const wire = rowWire(bell)
  return (
    <section aria-label={title}>
      <h3 className="type-label flex h-7.5 items-center gap-2 border-b border-line bg-sunken px-4">
        {title}
        {title === 'Unread' && (
          <span className="font-semibold text-sse-ink font-stretch-100%">{bell.unread}</span>
        )}
      </h3>
      <ul>
        {rows.map((row) => (
          <BellRow
            key={row.key}
            row={row}
            wire={wire}
            arrived={row.items.some(({ seq }) => bell.fresh.has(seq))}
            onRead={() => {
              const seqs = row.items.filter(({ readAt }) => readAt === null).map(({ seq }) => seq)
              if (seqs.length > 0) bell.markRead(seqs)
            }}
            onGo={onGo}
          />
        ))}
      </ul>
    </section>
  )
}

/** While long polling delivers the rows, they have that lane's mark and colour. */
function rowWire({ wire: { state } }: Bell): RowWire {
  return { kind: state === 'fallback' ? 'long' : 'sse', cut: state === 'offline' || state === 'backing-off' }
}

function Empty({ filter, onGo }: { filter: BellFilter; onGo: () => void }) {
  if (filter === 'unread') return <p className="px-4 py-6 text-ui text-ink-2">No unread notifications.</p>
  return (
    <div className="px-4 py-8">
      <StateBlock
        drawing={<LaneDrawing kind="sse" look="beating" />}
        title="No notifications yet"
        actions={
          <Link href="/feed" onClick={onGo} className="link">
            Write a post
          </Link>
        }
      >
        The stream is open. New notifications appear here without a reload.
      </StateBlock>
    </div>
  )
}
