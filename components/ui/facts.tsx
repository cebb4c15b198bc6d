import type { ReactNode } from 'react'

export type Fact = { name: string; value: ReactNode }

/** Names and what was measured or said under them, ruled. */
export function Facts({ facts, className = '' }: { facts: readonly Fact[]; className?: string }) {
  return (
    <dl className={`type-data border-t border-line ${className}`}>
      {facts.map(({ name, value }) => (
        <div key={name} className="grid grid-cols-[112px_1fr] border-b border-line py-1.5">
          <dt className="text-ink-3">{name}</dt>
          <dd translate="no" className="break-all">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  )
}
