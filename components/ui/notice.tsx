import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** A sentence of importance on its page; `danger` for a refusal. Announced when it appears. */
export function Notice({
  danger,
  children,
  action,
  className,
}: {
  danger?: boolean
  children: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div
      role={danger ? 'alert' : 'status'}
      className={classes(
        'flex items-center justify-between gap-4 border-l-2 py-2 pr-3 pl-3 text-ui',
        danger ? 'border-danger bg-danger-wash text-ink' : 'border-ink bg-sunken text-ink',
        className,
      )}
    >
      <div>{children}</div>
      {action}
    </div>
  )
}
