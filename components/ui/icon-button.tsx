'use client'
import type { ComponentProps } from 'react'
import { classes } from './classes.ts'

/** A square button with an icon and an accessible name. */
export function IconButton({ label, className, ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classes(
        'inline-grid size-(--control) shrink-0 place-items-center rounded text-ink-2',
        'transition-colors duration-(--dur-state) hover:bg-hover hover:text-ink',
        className,
      )}
    />
  )
}
