'use client'
import { useState } from 'react'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { streamBadge } from '#components/shell/stream-badge.ts'
import { Badge } from '#components/ui/badge.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import type { Bell } from './bell.ts'
import { type BellFilter, BellList } from './bell-list.tsx'
import { WireStateLine } from './wire-state-line.tsx'

const filters = [
  { value: 'all', label: 'All' },
  { value: 'unread', label: 'Unread' },
] as const

type BellPanelProps = { bell: Bell; nowMs: number; onGo: () => void }

/** The bell's panel: the state of the connection, unread notifications, then the rest. */
export function BellPanel({ bell, nowMs, onGo }: BellPanelProps) {
  const [filter, setFilter] = useState<BellFilter>('all')
  const { wire } = bell
  return (
    <>
      <div className="flex h-12 shrink-0 items-center justify-between gap-3 border-b border-line px-4">
        <h2 className="type-section">Notifications</h2>
        <Badge wire={streamBadge(wire, nowMs)} roomy />
      </div>
      {wire.state === 'signed-out' ? (
        <SignedOut />
      ) : (
        <>
          <Trouble bell={bell} nowMs={nowMs} />
          <div className="flex h-11 shrink-0 items-center justify-between border-b border-line-strong px-4 max-md:h-15">
            <Choice
              label="Filter notifications"
              options={filters}
              value={filter}
              onChange={setFilter}
              small
              className="max-md:[&_label]:h-10.5"
            />
            {bell.unread > 0 && (
              <button
                type="button"
                onClick={bell.markAllRead}
                className="link text-ui text-ink-2 hover:text-ink"
              >
                Mark all read
              </button>
            )}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
            <BellList bell={bell} nowMs={nowMs} filter={filter} onGo={onGo} />
          </div>
          <Foot bell={bell} />
        </>
      )}
    </>
  )
}

/** While all is well, the badge says enough. */
function Trouble({ bell, nowMs }: { bell: Bell; nowMs: number }) {
  const { wire, tryNow } = bell
  if (wire.state === 'live' || wire.state === 'opening' || wire.state === 'paused') return null
  return (
    <div className="flex shrink-0 flex-col gap-1.5 border-b border-line-strong px-4 py-2.5 text-ui text-ink-2">
      {wire.state === 'refused' ? (
        <p role="alert">
          {wire.lastError?.detail ?? wire.lastError?.title ?? 'The server refused the stream.'}
        </p>
      ) : (
        <WireStateLine wire={wire} nowMs={nowMs} tryNow={tryNow} />
      )}
    </div>
  )
}

function Foot({ bell: { tabs, wire } }: { bell: Bell }) {
  return (
    <div className="type-data flex h-8.5 shrink-0 items-center justify-between border-t border-line px-4 text-ink-3">
      <span>{tabs > 1 ? `${tabs} tabs share one connection` : 'one connection for this tab'}</span>
      <span className="max-w-1/2 truncate">{wire.cursor ? `last ID ${wire.cursor}` : 'nothing yet'}</span>
    </div>
  )
}

function SignedOut() {
  return (
    <div role="alert" className="px-4 py-8">
      <StateBlock
        drawing={<LaneDrawing kind="sse" look="ended" />}
        title="Your session has ended"
        actions={
          <ButtonLink look="primary" href="/sign-in?ended">
            Sign in again
          </ButtonLink>
        }
      >
        You signed out elsewhere, or the session expired. Notifications have stopped.
      </StateBlock>
    </div>
  )
}
