'use client'
import { type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

type ChoiceProps<Value extends string> = {
  /** For screen readers only. */
  label: string
  options: readonly { value: Value; label: string; icon?: ReactNode }[]
  value: Value
  onChange: (value: Value) => void
  small?: boolean
  /** Cells share the full width, as on phones. */
  wide?: boolean
  className?: string
}

/** A segmented control: real radio buttons, so that arrow keys, Tab and screen readers work as expected. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, options, value, onChange, small = false, wide = false, className } = props
  const name = useId()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={classes('rounded border border-field', wide ? 'flex' : 'inline-flex', className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={classes(
            'relative flex cursor-pointer items-center justify-center gap-2 text-ui text-ink-2 select-none',
            'not-first:border-l not-first:border-line-strong transition-colors duration-(--dur-state) hover:bg-hover',
            'has-checked:bg-hover has-checked:text-ink has-checked:font-semibold',
            'has-checked:shadow-[inset_0_-2px_0_var(--ink)]',
            'has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
            small ? 'h-6.5 px-2' : 'h-[calc(var(--control)-2px)] px-3',
            wide && 'flex-1',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none opacity-0"
          />
          {option.icon}
          <Steady text={option.label} />
        </label>
      ))}
    </div>
  )
}

/** Reserves the width of the bold text, so that selecting shifts nothing. */
function Steady({ text }: { text: string }) {
  return (
    <span className="grid text-center">
      <span className="[grid-area:1/1]">{text}</span>
      <span className="invisible font-semibold [grid-area:1/1]" aria-hidden>
        {text}
      </span>
    </span>
  )
}
