'use client'
import { type KeyboardEvent as Press, type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { bellPanelId } from './bell-button.tsx'

type BellSheetProps = { trigger: RefObject<HTMLElement | null>; onClose: () => void; children: ReactNode }

/**
 * Where the panel hangs: under its icon, on phones a sheet down to the tab bar. It is laid out from the foot of the top bar.
 *
 * Escape closes it and gives the focus back; a press or the focus elsewhere closes it too.
 */
export function BellSheet({ trigger, onClose, children }: BellSheetProps) {
  const sheet = useRef<HTMLDivElement>(null)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    sheet.current?.focus({ preventScroll: true })
    const leave = ({ target }: Event) => {
      if (!(target instanceof Node)) return
      if (!sheet.current?.contains(target) && !trigger.current?.contains(target)) close.current()
    }
    // On the document, for a row that was marked read takes the focus with it when it moves.
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return
      close.current()
      trigger.current?.focus()
    }
    const gone = new AbortController()
    document.addEventListener('pointerdown', leave, { signal: gone.signal })
    document.addEventListener('focusin', leave, { signal: gone.signal })
    document.addEventListener('keydown', press, { signal: gone.signal })
    return () => gone.abort()
  }, [trigger])
  return (
    <div
      ref={sheet}
      id={bellPanelId}
      role="dialog"
      aria-label="Notifications"
      tabIndex={-1}
      onKeyDown={moveBetweenRows}
      className="absolute right-(--page-x) -mt-px flex max-h-[calc(100dvh-var(--bar)-var(--strip)-8px)] w-120 flex-col border border-ink bg-raised text-ink outline-none [--surface:var(--raised)] max-md:inset-x-0 max-md:mt-0 max-md:h-[calc(100dvh-var(--bar)-var(--tabs)-env(safe-area-inset-bottom))] max-md:max-h-none max-md:w-full max-md:border-0 max-md:border-b"
    >
      {children}
    </div>
  )
}

/** The arrow keys walk through the rows, which Tab reaches too. */
function moveBetweenRows(event: Press<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined || event.target instanceof HTMLInputElement) return
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const focused = rows.indexOf(document.activeElement as HTMLElement)
  const next = focused === -1 ? rows[0] : rows[focused + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
