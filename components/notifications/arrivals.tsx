'use client'
import { useState } from 'react'
import { formatCount } from '#components/ui/format.ts'
import { showToast } from '#components/ui/toast-store.ts'
import type { Arrival } from './bell.ts'
import { placeOf, sentenceOf, wordsOf } from './notification-words.ts'
import { useArrivals } from './use-bell.ts'

/** Tells of what arrives: a toast where the panel does not show it, and a sentence to a screen reader, each once. */
export function Arrivals({ panelOpen }: { panelOpen: boolean }) {
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
