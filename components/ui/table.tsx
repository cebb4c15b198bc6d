import type { ComponentProps } from 'react'
import { classes } from './classes.ts'

type TableProps = ComponentProps<'table'> & {
  label: string
  /** Whether it may be wider than a phone: the keyboard can then scroll it too. */
  wide?: boolean
}

/**
 * A table with narrow labels, ruled rows, no stripes and no outer box; it scrolls horizontally by itself if necessary.
 */
export function Table({ label, wide, className, ...table }: TableProps) {
  return (
    <div
      {...(wide && { role: 'group', 'aria-label': label, tabIndex: 0 })}
      className="overflow-x-auto focus-visible:-outline-offset-2"
    >
      <table aria-label={label} {...table} className={classes('w-full border-collapse text-ui', className)} />
    </div>
  )
}

/** A column's head; `figure` columns are right-aligned. */
export function Head({ figure, className, ...cell }: ComponentProps<'th'> & { figure?: boolean }) {
  return (
    <th
      scope="col"
      {...cell}
      className={classes(
        'type-label h-8 border-b border-line-strong pr-4 font-normal whitespace-nowrap last:pr-0',
        figure ? 'text-right' : 'text-left',
        className,
      )}
    />
  )
}

/** A row; the last one has no rule below. */
export function Row({ className, ...row }: ComponentProps<'tr'>) {
  return <tr {...row} className={classes('border-b border-line last:border-0', className)} />
}

/** A cell; `figure` is monospaced and right-aligned, `data` is monospaced. */
export function Cell({
  figure,
  data,
  className,
  ...cell
}: ComponentProps<'td'> & { figure?: boolean; data?: boolean }) {
  return (
    <td
      // Figures, symbols and ids are the same in every language; a translator would only corrupt them.
      translate={figure || data ? 'no' : undefined}
      {...cell}
      className={classes(
        'h-(--row) pr-4 last:pr-0',
        (figure || data) && 'type-data whitespace-nowrap',
        figure && 'text-right',
        className,
      )}
    />
  )
}
