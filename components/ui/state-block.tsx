import type { ReactNode } from 'react'

type StateBlockProps = {
  /** A drawing of the lane's fate, or a figure such as 404. */
  drawing?: ReactNode
  title: string
  children?: ReactNode
  /** Monospaced rows that a reader may quote: status, retry-after, request. */
  facts?: readonly Fact[]
  actions?: ReactNode
  /** The heading level of the title: 1 if the state is the whole page. */
  level?: 1 | 2
}

/** Empty, error, reset, ended: what happened, what it means, what can be done. */
export function StateBlock({ drawing, title, children, facts, actions, level = 2 }: StateBlockProps) {
  const Heading = level === 1 ? 'h1' : 'h2'
  return (
    <div className="max-w-[420px]">
      {drawing && <div className="mb-6">{drawing}</div>}
      <Heading className="type-state">{title}</Heading>
      {children && (
        <div className="mt-3 max-w-[360px] text-ui text-ink-2 text-balance md:text-[14px]">{children}</div>
      )}
      {facts && <Facts facts={facts} className="mt-4 max-w-[360px]" />}
      {actions && <div className="mt-4 flex flex-wrap items-center gap-4 text-ui">{actions}</div>}
    </div>
  )
}

type Fact = { name: string; value: ReactNode }

/** Names with their values, ruled. */
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
