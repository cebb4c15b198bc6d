'use client'
import type { ComponentProps } from 'react'
import { classes } from './classes.ts'
import { controlClasses, FieldShell, type FieldShellProps } from './field-shell.tsx'
import { Icon } from './icon.tsx'

type SelectProps = FieldShellProps & Omit<ComponentProps<'select'>, 'id' | 'className'>

/** A native select, with label, hint and error; the options are its children. */
export function Select({ label, hint, error, className, ...select }: SelectProps) {
  return (
    <FieldShell {...{ label, hint, error, className }}>
      {(ties) => (
        <div className="relative">
          <select {...select} {...ties} className={classes(controlClasses, 'appearance-none pr-8')} />
          <Icon
            name="chevron-down"
            className="pointer-events-none absolute inset-y-0 right-2 my-auto text-ink-3"
          />
        </div>
      )}
    </FieldShell>
  )
}
