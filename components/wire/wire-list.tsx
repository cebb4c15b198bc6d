'use client'
import { memo, useState } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { FrameRow } from './frame-row.tsx'
import { StreamEndRow } from './stream-end-row.tsx'
import { groupOf } from './wire-group.ts'
import type { WireLine } from './wire-lines.ts'
import { WireRow } from './wire-row.tsx'

const head = 'type-label h-7 font-normal whitespace-nowrap'

type WireListProps = {
  lines: readonly WireLine[]
  /** Frames say which stream they are of: there are several. */
  named: boolean
}

/** What was on the wire, newest first; one row at a time is open. */
export const WireList = memo(function WireList({ lines, named }: WireListProps) {
  const [openKey, setOpenKey] = useState<string>()
  return (
    <table className="w-full border-collapse" aria-label="The wire of this page, newest first">
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
