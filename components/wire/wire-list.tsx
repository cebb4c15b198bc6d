'use client'

import { memo, useState } from 'react'
import { formatAge, formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Exchange, StreamEnd } from './exchange.ts'
import { ExchangeMark } from './exchange-mark.tsx'
import { FrameRow } from './frame-row.tsx'
import { groupOf, type WireLine } from './wire-lines.ts'
import { WireRow } from './wire-row.tsx'

const head = 'type-label h-7 font-normal whitespace-nowrap'

type WireListProps = {
  lines: readonly WireLine[]
  /** Whether frames show the name of their stream, because there are several. */
  named: boolean
}

/** The traffic, newest first; one row at a time is expanded. */
export const WireList = memo(function WireList({ lines, named }: WireListProps) {
  const [openKey, setOpenKey] = useState<string>()
  return (
    <table className="w-full border-collapse" aria-label="This page’s requests, newest first">
      <thead>
        <tr className="border-y border-line-strong">
          <th scope="col" className={`${head} pl-(--wire-x) text-left`}>
            time
          </th>
          <th scope="col" className={`${head} px-3 text-left`}>
            status
          </th>
          <th scope="col" className={`${head} text-left`}>
            request
          </th>
          <th scope="col" className={`${head} pr-3 text-right max-md:hidden`}>
            <Arrow name="up" label="bytes sent" />
          </th>
          <th scope="col" className={`${head} pr-3 text-right`}>
            <Arrow name="down" label="bytes received" />
          </th>
          <th scope="col" className={`${head} pr-(--wire-x) text-right`}>
            ms
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <Line
            key={line.key}
            line={line}
            name={named ? groupOf(line.exchange) : undefined}
            open={line.key === openKey}
            onToggle={() => setOpenKey(line.key === openKey ? undefined : line.key)}
          />
        ))}
      </tbody>
    </table>
  )
})

type LineProps = { line: WireLine; name?: string; open: boolean; onToggle: () => void }

function Line({ line, name, open, onToggle }: LineProps) {
  switch (line.type) {
    case 'request':
      return <WireRow exchange={line.exchange} open={open} onToggle={onToggle} />
    case 'frame':
      return <FrameRow frame={line.frame} name={name} open={open} onToggle={onToggle} />
    case 'end':
      return <StreamEndRow exchange={line.exchange} by={line.by} atMs={line.atMs} name={name} />
  }
}

function Arrow({ name, label }: { name: 'up' | 'down'; label: string }) {
  return (
    <span className="flex items-center justify-end gap-0.5">
      <Icon name={name} className="scale-75" />
      <span aria-hidden>B</span>
      <span className="sr-only">{label}</span>
    </span>
  )
}

const words = {
  ended: 'ended by the server',
  cut: 'connection lost',
  'let-go': 'closed by this page',
} as const satisfies Record<StreamEnd, string>

type StreamEndRowProps = { exchange: Exchange; by: StreamEnd; atMs: number; name?: string }

/** Where a stream ended in the drawer's list, with a summary of it. */
function StreamEndRow({ exchange, by, atMs, name }: StreamEndRowProps) {
  const { stream } = exchange
  if (!stream) return null
  const { frames, bytes, openedAtMs } = stream
  return (
    <tr className="border-b border-line" data-end={by} data-lane="sse">
      <td className="type-data h-8 pl-(--wire-x) whitespace-nowrap max-md:h-11">
        <Time at={atMs} style="milli" phone="second" />
      </td>
      <td className="px-3">
        <ExchangeMark kind="sse" gist={by} />
      </td>
      <td className="type-data w-full max-w-0 pr-3">
        <p className="truncate text-ink-2">
          {name && <span className="text-ink-3">{name} </span>}
          <span className={by === 'cut' ? 'text-danger' : ''}>{words[by]}</span> after{' '}
          {formatAge(atMs - openedAtMs)}, {formatCount(frames)} {frames === 1 ? 'frame' : 'frames'}
        </p>
      </td>
      <td className="max-md:hidden" />
      <td className="type-data pr-3 text-right whitespace-nowrap text-ink-3">Σ {formatCount(bytes)}</td>
      <td />
    </tr>
  )
}
