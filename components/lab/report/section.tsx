'use client'

import { type ReactNode, useId, useState } from 'react'
import { Lane } from '#components/lane/lane.tsx'
import { classes } from '#components/ui/classes.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Measured } from './how-measured.ts'
import { laneNames } from './report-words.ts'

type SectionProps = {
  title: string
  note?: string
  how?: readonly Measured[]
  /** Switches what the section shows. */
  control?: ReactNode
  className?: string
  children: ReactNode
}

/** A section of the report: its title, a muted note, and how its figures are measured, expanded in print. */
export function Section({ title, note, how, control, className, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes('min-w-0 break-inside-avoid', className)}>
      <header className="flex min-h-10 flex-wrap items-center justify-between gap-x-4 border-b border-line-strong py-1.5">
        <h2 id={id} className="type-section">
          {title}
        </h2>
        {note && <p className="type-label ml-auto text-right max-md:hidden">{note}</p>}
        {control && <div className="print:hidden">{control}</div>}
      </header>
      {children}
      {how && <How title={title} lines={how} />}
    </section>
  )
}

function How({ title, lines }: { title: string; lines: readonly Measured[] }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <div className="mt-1">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        aria-label={`How it’s measured: ${title}`}
        onClick={() => setOpen(!open)}
        className="type-label flex min-h-7 items-center gap-1.5 hover:text-ink max-md:min-h-11 print:hidden"
      >
        <span
          aria-hidden
          className="grid size-3.5 place-items-center border border-field font-mono text-axis"
        >
          {open ? '−' : '+'}
        </span>
        How it’s measured
      </button>
      <dl
        id={id}
        className={classes(
          'max-w-[72ch] space-y-1 pt-1 pb-2 text-ui text-ink-2 print:block',
          !open && 'hidden',
        )}
      >
        {lines.map(({ figure, how }) => (
          <div key={figure}>
            <dt className="inline font-semibold">{figure}</dt> <dd className="inline">{how}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** The head of a lane's row: its glyph and name. */
export function LaneHead({ lane, className }: { lane: DeliveryName; className?: string }) {
  const { name, kind } = laneNames[lane]
  return (
    <th
      scope="row"
      className={classes('h-(--row) pr-4 text-left font-semibold whitespace-nowrap', className)}
    >
      <span className="flex items-center gap-3">
        <Lane kind={kind} width={28} />
        {name}
      </span>
    </th>
  )
}
