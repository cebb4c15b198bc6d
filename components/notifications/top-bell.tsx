'use client'

import { useRouter } from 'next/navigation'
import {
  type KeyboardEvent as Press,
  type ReactNode,
  type Ref,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react'
import { createPortal } from 'react-dom'
import { pageViewer } from '#components/live/page-viewer.ts'
import { useBellNews } from '#components/live/use-cross-check.ts'
import { useNow } from '#components/live/use-now.ts'
import { useFill } from '#components/shell/badge-slot.tsx'
import { useTitleCount } from '#components/shell/use-title-count.ts'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { useLate } from '#components/ui/use-late.ts'
import { throughAnotherTab } from '#components/wire/through-another-tab.tsx'
import type { Arrival } from './bell.ts'
import { placeOf, sentenceOf, wordsOf } from './notification-words.ts'
import { useArrivals, useBell } from './use-bell.ts'

const bellPanel = () => import('./bell-panel.tsx').then(({ BellPanel }) => BellPanel)

/** The top bar's bell, with its panel in `place` (below the bar, above everything else) and its announcements. */
export function TopBell({ place }: { place: HTMLElement | null }) {
  const bell = useBell()
  const router = useRouter()
  // The page has the name from the server.
  useBellNews('own-name', router.refresh)
  const [open, setOpen] = useState(false)
  const BellPanel = useLate(bellPanel, open)
  const button = useRef<HTMLButtonElement>(null)
  const nowMs = useNow(1_000, open)
  useTitleCount(bell.unread)
  const hasEnded = bell.wire.state === 'signed-out'
  useEffect(() => {
    if (hasEnded) pageViewer.sessionEnded()
  }, [hasEnded])
  useFill(throughAnotherTab, bell.leads || bell.tabs === 1 ? null : bell.tabs)
  return (
    <>
      <BellButton ref={button} unread={bell.unread} open={open} onToggle={() => setOpen(!open)} />
      <Arrivals panelOpen={open} />
      {open &&
        place &&
        createPortal(
          <BellSheet trigger={button} onClose={() => setOpen(false)}>
            {BellPanel && <BellPanel bell={bell} nowMs={nowMs ?? Date.now()} onGo={() => setOpen(false)} />}
          </BellSheet>,
          place,
        )}
    </>
  )
}

/** Announces new notifications, each once: a toast unless the panel shows them, and a sentence for screen readers. */
function Arrivals({ panelOpen }: { panelOpen: boolean }) {
  const [said, setSaid] = useState('')
  useArrivals((arrival) => {
    setSaid(spoken(arrival))
    if (!panelOpen) toast(arrival)
  })
  return (
    <p className="sr-only" aria-live="polite">
      {said}
    </p>
  )
}

function spoken(arrival: Arrival): string {
  return arrival.type === 'one' ? sentenceOf(arrival.notification) : missedWords(arrival.count)
}

function toast(arrival: Arrival) {
  if (arrival.type === 'missed') return showToast({ title: missedWords(arrival.count), quiet: true })
  const { subject, text } = wordsOf(arrival.notification)
  const href = placeOf(arrival.notification)
  showToast({ title: subject, text, quiet: true, ...(href && { action: { label: 'View', href } }) })
}

function missedWords(count: number): string {
  return `${formatCount(count)} new ${count === 1 ? 'notification' : 'notifications'}`
}

type BellSheetProps = { trigger: RefObject<HTMLElement | null>; onClose: () => void; children: ReactNode }

/**
 * The panel's container: below its icon, on phones a sheet down to the tab bar. It is positioned from the bottom of the
 * top bar.
 * Escape closes it and returns the focus; a click or focus elsewhere closes it too.
 */
function BellSheet({ trigger, onClose, children }: BellSheetProps) {
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
    // On the document, because a row marked as read loses the focus when it moves.
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

/** Arrow keys move between rows, which Tab reaches too. */
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

type BellButtonProps = { ref: Ref<HTMLButtonElement>; unread: number; open: boolean; onToggle: () => void }

/** The bell in the top bar, with the unread count; opens the panel. */
function BellButton({ ref, unread, open, onToggle }: BellButtonProps) {
  return (
    <button
      ref={ref}
      type="button"
      aria-label={unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`}
      aria-expanded={open}
      aria-controls={open ? bellPanelId : undefined}
      onClick={onToggle}
      className={classes(
        'relative grid size-8 shrink-0 place-items-center rounded transition-colors duration-(--dur-state) max-md:size-9',
        open ? 'bg-ink text-on-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      <Icon name="bell" />
      {unread > 0 && (
        <span className="type-axis absolute top-px left-1/2 ml-px grid h-4 min-w-4 place-items-center bg-sse-ink px-1 leading-none text-on-ink">
          {unread > 99 ? '99+' : unread}
        </span>
      )}
    </button>
  )
}

/** The id of the element that the button opens. */
const bellPanelId = 'notifications'
