'use client'
import { useEffect } from 'react'
import { useBellNews } from '#components/live/use-bell-news.ts'
import { usePoll } from '#components/live/use-poll.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireAlertList } from '#server/protocol/protocol.ts'
import { AlertForm } from './alert-form.tsx'
import { AlertRow } from './alert-row.tsx'

const underWayEveryMs = 1_000
const quietEveryMs = 30_000

/** System alerts: what an officer tells everybody, and how far the latest have come round. */
export function TellEverybody({ initial }: { initial: WireAlertList }) {
  const { value, askNow } = usePoll<WireAlertList>(
    { url: '/api/alerts' },
    { mode: 'short', everyMs: quietEveryMs, initial, fetch: pageRecorder.fetch },
  )
  useBellNews('alerts', askNow)
  const { items } = value ?? initial
  const underWay = items.some(({ done }) => !done)
  useEffect(() => {
    if (!underWay) return
    const timer = setInterval(askNow, underWayEveryMs)
    return () => clearInterval(timer)
  }, [underWay, askNow])
  return (
    <section aria-label="System alerts" className="mt-7">
      <SectionHead title="Tell everybody" note="rings every bell" />
      <AlertForm onSent={askNow} />
      {items.length > 0 && (
        <ul aria-label="Alerts" className="mt-4 border-t border-line">
          {items.map((alert) => (
            <AlertRow key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </section>
  )
}
