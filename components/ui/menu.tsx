'use client'
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { classes } from './classes.ts'

/** A button that opens a menu below it; its items are `MenuItem`s. */
export function Menu({
  label,
  trigger,
  triggerClassName,
  children,
}: {
  label: string
  trigger: ReactNode
  triggerClassName?: string
  children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const items = () => visibleItems(root.current)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  useEffect(() => {
    if (!open) return
    visibleItems(root.current)[0]?.focus()
    const leave = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false)
    }
    document.addEventListener('pointerdown', leave)
    document.addEventListener('focusin', leave)
    return () => {
      document.removeEventListener('pointerdown', leave)
      document.removeEventListener('focusin', leave)
    }
  }, [open])

  const keys = (event: KeyboardEvent) => {
    const all = items()
    const focused = all.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: focused + 1, ArrowUp: focused - 1, Home: 0, End: -1 }[event.key]
    if (event.key === 'Escape') close()
    else if (next !== undefined && all.length > 0) all.at(next % all.length)?.focus()
    else return
    event.preventDefault()
  }
  return (
    <div ref={root} className="relative">
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
        className={triggerClassName}
      >
        {trigger}
      </button>
      {open && (
        <div
          id={id}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={keys}
          onClick={() => setOpen(false)}
          className={classes(
            'absolute top-full right-0 z-30 mt-1 min-w-52 border border-ink bg-raised py-px',
          )}
        >
          {children}
        </div>
      )}
    </div>
  )
}

/** Items and radio items, without those hidden by CSS: some are for phones only. */
function visibleItems(root: HTMLElement | null): HTMLElement[] {
  const all = root?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []
  return [...all].filter((item) => item.checkVisibility())
}

/** The classes of a menu item; put them on a `button` or `Link` with `role="menuitem"` and `tabIndex={-1}`. */
export const menuItemClasses =
  'flex min-h-8 w-full items-center justify-between gap-6 px-3 text-left text-ui max-md:min-h-11 ' +
  'hover:bg-hover focus:bg-hover focus-visible:outline-offset-[-2px]'
