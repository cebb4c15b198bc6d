'use client'
import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'
import { controlClasses, FieldShell, type FieldShellProps } from './field-shell.tsx'

type FieldProps = FieldShellProps &
  Omit<ComponentProps<'input'>, 'id' | 'className'> & {
    /** Stands at the right inside the box: `EUR`, `months`. */
    unit?: ReactNode
    /** For what goes over the wire as a figure. */
    mono?: boolean
  }

/** A text input with its label, unit, hint and error. */
export function Field({ label, hint, error, className, unit, mono, ...input }: FieldProps) {
  return (
    <FieldShell {...{ label, hint, error, className }}>
      {(ties) => (
        <div className="relative">
          <input
            {...input}
            {...ties}
            className={classes(controlClasses, mono && 'font-mono', Boolean(unit) && 'pr-14')}
          />
          {unit && (
            <span className="absolute inset-y-0 right-2.5 flex items-center text-ui text-ink-3">{unit}</span>
          )}
        </div>
      )}
    </FieldShell>
  )
}
