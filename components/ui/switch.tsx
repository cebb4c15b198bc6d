'use client'
import { useId } from 'react'

/** A switch that acts at once, with its name and what it means at the left. */
export function Switch({
  label,
  hint,
  checked,
  onChange,
}: {
  label: string
  hint?: string
  checked: boolean
  onChange: (checked: boolean) => void
}) {
  const id = useId()
  return (
    <div className="flex items-center justify-between gap-4 border-b border-line py-2.5 last:border-0">
      <label htmlFor={id} className="min-w-0 flex-1 cursor-pointer">
        <span className="type-section block">{label}</span>
        {hint && (
          <span id={`${id}-hint`} className="block text-ui text-ink-2">
            {hint}
          </span>
        )}
      </label>
      <button
        type="button"
        id={id}
        role="switch"
        aria-checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onClick={() => onChange(!checked)}
        className="group grid h-8 w-10 shrink-0 place-items-center rounded max-md:h-11 max-md:w-12"
      >
        <span className="flex h-4.5 w-8 items-center rounded border border-field bg-raised px-0.5 transition-colors duration-(--dur-state) group-aria-checked:border-ink group-aria-checked:bg-ink">
          <span className="size-3 border border-field bg-raised transition-transform duration-(--dur-state) group-aria-checked:translate-x-3.5 group-aria-checked:border-on-ink group-aria-checked:bg-on-ink motion-reduce:transition-none" />
        </span>
      </button>
    </div>
  )
}
