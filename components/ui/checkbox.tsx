'use client'
import type { ComponentProps } from 'react'
import { Icon } from './icon.tsx'

/** A checkbox with its words beside it. */
export function Checkbox({ label, ...input }: Omit<ComponentProps<'input'>, 'type'> & { label: string }) {
  return (
    <label className="inline-flex min-h-(--control) cursor-pointer items-center gap-2 text-ui">
      <span className="relative grid size-4">
        <input
          type="checkbox"
          {...input}
          className="peer size-4 appearance-none rounded-none border border-field bg-raised checked:border-ink checked:bg-ink"
        />
        <Icon
          name="check"
          className="pointer-events-none absolute hidden scale-75 text-on-ink peer-checked:block"
        />
      </span>
      {label}
    </label>
  )
}
