import type { ReactNode } from 'react'
import { classes } from '#components/ui/classes.ts'

type LineButtonProps = { open: boolean; onToggle: () => void; className?: string; children: ReactNode }

/** Opens a line of the list; the whole row takes the click. */
export function LineButton({ open, onToggle, className, children }: LineButtonProps) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className={classes(
        'flex items-center gap-2.5 after:absolute after:inset-0 focus-visible:outline-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus',
        className,
      )}
    >
      {children}
    </button>
  )
}

/** The look of a line's row: opened, it lies on the page's own ground. */
export function rowLook(open: boolean): string {
  return classes(
    'relative hover:bg-hover',
    open ? 'border-t border-line-strong bg-bg [--surface:var(--bg)]' : 'border-b border-line',
  )
}
