'use client'
import { type KeyboardEvent, type ReactNode, useRef } from 'react'
import { classes } from './classes.ts'

type TabsProps<Id extends string> = {
  label: string
  tabs: readonly { id: Id; label: string; count?: number }[]
  value: Id
  onChange: (id: Id) => void
  /** Connects tabs to their panels; `TabPanel` needs the same prefix. */
  prefix: string
  className?: string
}

/** A tab list: arrow keys, Home and End move and select; only the selected tab is in the Tab order. */
export function Tabs<Id extends string>({ label, tabs, value, onChange, prefix, className }: TabsProps<Id>) {
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const chosen = tabs.findIndex((tab) => tab.id === value)
    const next = tabs[nextIndex(event.key, chosen, tabs.length)]
    if (!next) return
    event.preventDefault()
    onChange(next.id)
    list.current?.querySelector<HTMLElement>(`#${prefix}-tab-${next.id}`)?.focus()
  }
  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      onKeyDown={move}
      className={classes('flex gap-5', className)}
    >
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${prefix}-tab-${tab.id}`}
          aria-selected={tab.id === value}
          aria-controls={`${prefix}-panel-${tab.id}`}
          tabIndex={tab.id === value ? 0 : -1}
          onClick={() => onChange(tab.id)}
          className="h-10 border-b-2 border-transparent text-ui text-ink-2 hover:text-ink aria-selected:border-ink aria-selected:font-semibold aria-selected:text-ink max-md:h-11"
        >
          {tab.label}
          {tab.count !== undefined && <span className="type-data ml-2 text-ink-3">{tab.count}</span>}
        </button>
      ))}
    </div>
  )
}

/** A tab's content. */
export function TabPanel({ prefix, id, children }: { prefix: string; id: string; children: ReactNode }) {
  return (
    <div role="tabpanel" id={`${prefix}-panel-${id}`} aria-labelledby={`${prefix}-tab-${id}`}>
      {children}
    </div>
  )
}

function nextIndex(key: string, chosen: number, count: number): number {
  switch (key) {
    case 'ArrowRight':
      return (chosen + 1) % count
    case 'ArrowLeft':
      return (chosen + count - 1) % count
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return -1
  }
}
