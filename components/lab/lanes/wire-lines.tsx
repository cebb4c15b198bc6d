'use client'
import { useEffect, useState } from 'react'
import { laneInk, laneWash } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { formatTime } from '#components/ui/format-time.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { laneNames } from '../report/report-words.ts'
import { excerptOf } from './entry-in-text.ts'
import type { LaneRecord } from './lane-record.ts'
import type { NumberedLine } from './wire-log.ts'

type Props = { lane: DeliveryName; record: LaneRecord; followed: number | undefined; isLive: boolean }

const everyMs = 1_000
/** While lines stream in, as many as one can watch; afterwards as many as one may want to read through. */
const shown = { live: 14, still: 200 } as const

/** The line that delivered the followed entry, in full; below it the latest lines, newest first. */
export function WireLines({ lane, record, followed, isLive }: Props) {
  const [lines, setLines] = useState<NumberedLine[]>([])
  useEffect(() => {
    const look = () => setLines(record.wire.latest(isLive ? shown.live : shown.still))
    look()
    if (!isLive) return
    const timer = setInterval(look, everyMs)
    return () => clearInterval(timer)
  }, [record, isLive])
  const bringing = followed === undefined ? undefined : record.wire.bringing(followed)
  return (
    <>
      <Bringing lane={lane} line={bringing} followed={followed} />
      <ol
        aria-label={`Latest traffic of ${laneNames[lane].name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-56 overflow-y-auto border-t border-line bg-sunken py-1"
      >
        {lines.map((line) => (
          <li key={line.number} className="type-axis flex gap-2 px-2">
            <span className="shrink-0 text-ink-3">{formatTime(new Date(line.atMs), 'milli')}</span>
            <Direction line={line} lane={lane} />
            <span
              className={classes('truncate', isBringing(line, followed) && laneWash[laneNames[lane].kind])}
            >
              {firstOf(line)}
            </span>
          </li>
        ))}
      </ol>
    </>
  )
}

function Bringing({ lane, line, followed }: { lane: DeliveryName; line?: NumberedLine; followed?: number }) {
  const { kind } = laneNames[lane]
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`How the followed entry arrived, ${laneNames[lane].name}`}
      className="h-44 overflow-y-auto border-t border-line-strong py-2"
      data-lane={lane}
    >
      {line ? (
        <Excerpt text={line.text} followed={followed} wash={laneWash[kind]} ink={laneInk[kind]} />
      ) : (
        <p className="type-label">
          {followed === undefined
            ? 'Nothing received yet.'
            : `Entry ${formatCount(followed)} isn’t available: it hasn’t arrived yet, or newer traffic has replaced it.`}
        </p>
      )}
    </section>
  )
}

function Excerpt({
  text,
  followed,
  wash,
  ink,
}: {
  text: string
  followed?: number
  wash: string
  ink: string
}) {
  const { before, entry, after, cutBefore, cutAfter } = excerptOf(text, followed)
  return (
    <pre translate="no" className="type-axis break-all whitespace-pre-wrap text-ink-2">
      {cutBefore > 0 && <Left count={cutBefore} />}
      {before}
      <mark className={classes(wash, ink, 'font-semibold')}>{entry}</mark>
      {after}
      {cutAfter > 0 && <Left count={cutAfter} />}
    </pre>
  )
}

function Left({ count }: { count: number }) {
  return <span className="text-ink-3"> … {formatCount(count)} more … </span>
}

function Direction({ line: { direction, text }, lane }: { line: NumberedLine; lane: DeliveryName }) {
  return (
    <span className={classes('shrink-0', laneInk[laneNames[lane].kind])}>
      {direction === 'up' ? '↑' : '↓'}
      <span className="sr-only">{direction === 'up' ? 'sent' : 'received'}</span>
      <span className="inline-block w-13 text-right text-ink-3">{formatCount(text.length)}</span>
    </span>
  )
}

function isBringing({ seqs }: NumberedLine, followed: number | undefined): boolean {
  return seqs !== undefined && followed !== undefined && seqs[0] <= followed && followed <= seqs[1]
}

/** The line that identifies it: a frame's data, a response's status. */
function firstOf({ text }: NumberedLine): string {
  const data = text.startsWith('id: ') ? text.indexOf('data: ') : 0
  const from = Math.max(0, data)
  const end = text.indexOf('\n', from)
  return text.slice(from, end < 0 ? undefined : end).slice(0, 160)
}
