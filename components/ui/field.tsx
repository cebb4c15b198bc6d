'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'
import { Icon } from './icon.tsx'

type FieldProps = FieldShellProps &
  Omit<ComponentProps<'input'>, 'id' | 'className'> & {
    /** Shown at the right inside the box: `EUR`, `months`. */
    unit?: ReactNode
    /** For values that are sent as figures. */
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

/** What surrounds every form control. */
type FieldShellProps = {
  label: string
  /** A muted hint, shown while there is no error. */
  hint?: string
  /** One sentence; its presence makes the control invalid. */
  error?: string
  className?: string
}

/** The attributes that associate a control with its label, hint and error. */
type ControlTies = { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string }

/** The label, the control, then the hint or the error that replaces it. */
function FieldShell({
  label,
  hint,
  error,
  className,
  children,
}: FieldShellProps & { children: (ties: ControlTies) => ReactNode }) {
  const id = useId()
  const told = error ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-ui text-ink-2 font-stretch-[94%]">
        {label}
      </label>
      {children({
        id,
        'aria-invalid': error ? true : undefined,
        'aria-describedby': told ? `${id}-told` : undefined,
      })}
      {told && (
        <p id={`${id}-told`} className={`mt-1 text-ui ${error ? 'text-danger' : 'text-ink-3'}`}>
          {told}
        </p>
      )}
    </div>
  )
}

/** The box of a text control. */
export const controlClasses =
  'h-(--control) w-full rounded border border-field bg-raised px-2.5 text-ui text-ink placeholder:text-ink-3 ' +
  'max-md:text-[16px] aria-invalid:border-danger aria-invalid:shadow-[inset_0_0_0_1px_var(--danger)] ' +
  'disabled:border-line disabled:bg-sunken disabled:text-ink-3'

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
