'use client'

import { useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { pageViewer } from '#components/live/page-viewer.ts'
import { useNow } from '#components/live/use-now.ts'
import { useFill } from '#components/shell/slot.ts'
import { formatCount } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast-store.ts'
import { throughAnotherTab } from '#components/wire/through-another-tab.tsx'
import type { Arrival } from './bell.ts'
import { BellButton } from './bell-button.tsx'
import { BellPanel } from './bell-panel.tsx'
import { BellSheet } from './bell-sheet.tsx'
import { placeOf, sentenceOf, wordsOf } from './notification-words.ts'
import { useArrivals, useBell } from './use-bell.ts'
import { useTitleCount } from './use-title-count.ts'

/** The bell of the top bar, its panel in `place` (below the bar, over everything else), and what it says of arrivals. */
export function TopBell({ place }: { place: HTMLElement | null }) {
  const bell = useBell()
  const [open, setOpen] = useState(false)
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
            <BellPanel bell={bell} nowMs={nowMs ?? Date.now()} onGo={() => setOpen(false)} />
          </BellSheet>,
          place,
        )}
    </>
  )
}

/** Tells of what arrives: a toast where the panel does not show it, and a sentence to a screen reader, each once. */
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
