'use client'
import { type ComponentProps, useRef, useState } from 'react'
import { classes } from '#components/ui/classes.ts'
import { controlClasses } from '#components/ui/field.tsx'
import { formatCount } from '#components/ui/format.ts'
import { parseDecimal } from '#components/ui/parse-number.ts'

type NumberInputProps = Omit<ComponentProps<'input'>, 'value' | 'onChange'> & {
  value: number
  isValid: (value: number) => boolean
  /** `again` is true for each further keystroke of the same visit to the field. */
  onNumber: (value: number, again: boolean) => void
  unit?: string
}

/** A number field with thousands separators while it is not being edited; invalid input is marked and ignored. */
export function NumberInput({ value, isValid, onNumber, unit, className, ...input }: NumberInputProps) {
  const [typed, setTyped] = useState<string>()
  const taken = useRef(false)
  const type = (text: string) => {
    setTyped(text)
    const number = parseDecimal(text)
    if (!isValid(number) || number === value) return
    onNumber(number, taken.current)
    taken.current = true
  }
  return (
    <span className={classes('relative block', className)}>
      <input
        {...input}
        inputMode="decimal"
        autoComplete="off"
        value={typed ?? written(value)}
        aria-invalid={typed !== undefined && !isValid(parseDecimal(typed)) ? true : undefined}
        onFocus={() => {
          taken.current = false
        }}
        onBlur={() => setTyped(undefined)}
        onChange={({ target }) => type(target.value)}
        className={classes(controlClasses, 'text-right font-mono', unit && 'pr-11')}
      />
      {unit && (
        <span className="absolute inset-y-0 right-2.5 flex items-center text-ui text-ink-3">{unit}</span>
      )}
    </span>
  )
}

function written(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)))
}
