'use client'
import type { ComponentProps } from 'react'
import { classes } from './classes.ts'
import { controlClasses, FieldShell, type FieldShellProps } from './field-shell.tsx'

type TextAreaProps = FieldShellProps & Omit<ComponentProps<'textarea'>, 'id' | 'className'>

/** Several lines of text, with label, hint and error. */
export function TextArea({ label, hint, error, className, rows = 3, ...area }: TextAreaProps) {
  return (
    <FieldShell {...{ label, hint, error, className }}>
      {(ties) => (
        <textarea
          rows={rows}
          {...area}
          {...ties}
          className={classes(controlClasses, 'h-auto py-1.5 leading-ui')}
        />
      )}
    </FieldShell>
  )
}
