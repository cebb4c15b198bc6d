import { type ReactNode, useId } from 'react'

/** What every control of a form has around it. */
export type FieldShellProps = {
  label: string
  /** A quiet sentence that helps before anything is wrong. */
  hint?: string
  /** One sentence; its presence makes the control invalid. */
  error?: string
  className?: string
}

/** The attributes that tie a control to its label, hint and error. */
export type ControlTies = { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string }

/** Label above, control, then the hint or the error that replaces it. */
export function FieldShell({
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
