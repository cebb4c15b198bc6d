import type { ReactNode } from 'react'

/** A part of the page that scrolls by itself where its height is fixed, also by keyboard. */
export function ScrollArea({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      className="trading-scroll focus-visible:outline-offset-[-2px]"
    >
      {children}
    </section>
  )
}
