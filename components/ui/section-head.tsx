import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** A section's head: its title, a muted note or a control at the right, a strong rule below. */
export function SectionHead({
  title,
  note,
  children,
  className,
}: {
  title: string
  note?: ReactNode
  children?: ReactNode
  className?: string
}) {
  return (
    <div
      className={classes(
        'flex min-h-10 items-center justify-between gap-4 border-b border-line-strong py-1.5',
        className,
      )}
    >
      <h2 className="type-section">{title}</h2>
      {note && <span className="type-label text-right">{note}</span>}
      {children}
    </div>
  )
}
