'use client'
import Link from 'next/link'
import { type MouseEvent, useState } from 'react'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { Marker } from '#components/lane/marker.tsx'
import { classes } from '#components/ui/classes.ts'
import { Time } from '#components/ui/time.tsx'
import { formatSeqs, type NotificationRow } from './notification-rows.ts'
import { placeOf, type RowWords, rowWords } from './notification-words.ts'

/** The connection that delivers a row: its lane, and whether it is cut. */
export type RowWire = { kind: LaneKind & ('sse' | 'long'); cut: boolean }

type BellRowProps = {
  row: NotificationRow
  wire: RowWire
  /** It has just arrived: its highlight fades once. */
  arrived: boolean
  onRead: () => void
  /** The reader follows the row's link. */
  onGo: () => void
}

/** One row on the timeline: when, whether it is unread, what, and its seqs. */
export function BellRow({ row, wire, arrived, onRead, onGo }: BellRowProps) {
  const { newest, items } = row
  const unread = newest.readAt === null
  const words = rowWords(row)
  return (
    <li
      className={classes(
        'relative isolate grid grid-cols-[42px_22px_minmax(0,1fr)_auto] border-b border-line py-[9px] pr-4 pl-4 md:grid-cols-[62px_22px_minmax(0,1fr)_auto]',
        unread && !wire.cut && 'shadow-[inset_3px_0_0_var(--lane)]',
        wire.kind === 'sse' ? '[--lane:var(--sse)]' : '[--lane:var(--long)]',
      )}
    >
      {arrived && <Wash key={newest.seq} kind={wire.kind} />}
      <Time at={newest.at} phone="minute" className="leading-5 text-ink-2" />
      <span className="relative">
        {unread && (
          <UnreadMark wire={wire} label={`Mark read: ${words.subject} ${words.text}`} onRead={onRead} />
        )}
      </span>
      <RowBody row={row} words={words} strong={unread && !wire.cut} onRead={onRead} onGo={onGo} />
      <span className="type-axis pl-3 leading-5 text-ink-3">{formatSeqs(items)}</span>
    </li>
  )
}

/** Behind a row that has just arrived, until it has faded. */
function Wash({ kind }: { kind: RowWire['kind'] }) {
  return (
    <span
      aria-hidden
      data-arrived
      className={classes(
        'arrives absolute inset-y-0 right-0 left-[3px] -z-1 motion-reduce:animate-none',
        kind === 'sse' ? '[--wash:var(--sse-wash)]' : '[--wash:var(--long-wash)]',
      )}
    />
  )
}

/** Filled while connected, hollow while disconnected, when it may be out of date. Pressing it marks the row as read. */
function UnreadMark({ wire, label, onRead }: { wire: RowWire; label: string; onRead: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title="Mark read"
      onClick={({ currentTarget }) => {
        // The row is about to move to another section, and would lose the focus.
        currentTarget.closest<HTMLElement>('[role=dialog]')?.focus()
        onRead()
      }}
      className={`absolute -top-0.5 -left-1 z-10 grid size-6 place-items-center rounded hover:bg-hover ${laneColor[wire.kind]}`}
    >
      <svg width={12} height={12} viewBox="0 0 12 12" aria-hidden>
        <Marker kind={wire.kind} x={6} y={6} filled={!wire.cut} weight={wire.kind === 'sse' ? 0.68 : 0.8} />
      </svg>
    </button>
  )
}

type RowBodyProps = Pick<BellRowProps, 'row' | 'onRead' | 'onGo'> & { words: RowWords; strong: boolean }

function RowBody({ row, words, strong, onRead, onGo }: RowBodyProps) {
  const [unfolded, setUnfolded] = useState(false)
  const href = placeOf(row.newest)
  const text = (
    <>
      <span className="block text-ui wrap-anywhere max-md:text-[14px]">
        <bdi className={strong ? 'font-semibold' : 'font-medium'}>{words.subject}</bdi> {words.text}
      </span>
      {words.detail && (
        <span
          className={classes(
            'text-[12.5px] leading-[18px] text-ink-2 wrap-anywhere',
            unfolded ? 'block whitespace-pre-wrap' : 'line-clamp-1',
          )}
        >
          <bdi>{words.detail}</bdi>
        </span>
      )}
    </>
  )
  const look = 'min-w-0 text-left after:absolute after:inset-0'
  if (href === undefined) {
    const unfold = () => {
      setUnfolded(!unfolded)
      onRead()
    }
    return (
      <button type="button" data-row aria-expanded={unfolded} onClick={unfold} className={look}>
        {text}
      </button>
    )
  }
  const go = (event: MouseEvent) => {
    onRead()
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    onGo()
    // Within the same page, only the browser's own fragment navigation scrolls to the comment.
    const to = new URL(href, window.location.href)
    if (to.pathname !== window.location.pathname || to.hash === '') return
    event.preventDefault()
    window.location.hash = to.hash
  }
  return (
    <Link href={href} data-row onClick={go} className={look}>
      {text}
    </Link>
  )
}
