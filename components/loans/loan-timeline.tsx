'use client'

import { useEffect, useState } from 'react'
import { tabStorage } from '#components/live/browser-features.ts'
import type { Mode } from '#components/live/poll-step.ts'
import { serverLagMs } from '#components/live/server-clock.ts'
import { formatAge } from '#components/ui/format.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Time } from '#components/ui/time.tsx'
import { Timeline, TimelineStage } from '#components/ui/timeline.tsx'
import type { WireLoan } from '#server/protocol/protocol.ts'
import { loanStages, type TimelineLine } from './loan-stages.ts'
import { noteSeen, type SeenTimes } from './seen-times.ts'

/** What happened to the loan, when it happened, and when this tab saw it: the gap between the two is what polling costs. */
export function LoanTimeline({ loan, mode, mine }: { loan: WireLoan; mode: Mode; mine: boolean }) {
  const lines = loanStages(loan)
  const happened = lines.filter(({ at }) => at !== undefined)
  const seen = useSeenTimes(
    loan.id,
    happened.map(({ key }) => key),
  )
  return (
    <section aria-label="Progress" className="mt-6">
      <SectionHead title="Progress" note="happened, and when you saw it" />
      <Timeline label="Stages of the loan">
        {lines.map((line) => (
          <TimelineStage
            key={line.key}
            state={line.state}
            title={line.title}
            at={line.at}
            kind={mode}
            side={<Seen line={line} seenAtMs={seen[line.key]} sent={mine && line === lines[0]} />}
          >
            {mine || line.state === 'to-come' ? line.text : undefined}
            {line.note && (
              <p className={line.state === 'failed' ? 'text-danger' : 'text-ink'}>“{line.note}”</p>
            )}
          </TimelineStage>
        ))}
      </Timeline>
      <p className="sr-only" role="status">
        {`Status: ${happened.at(-1)?.title}`}
      </p>
    </section>
  )
}

/** The tab notes by its own clock what it saw; it is told by the server's, as what happened is. */
function Seen({ line, seenAtMs, sent }: { line: TimelineLine; seenAtMs: number | undefined; sent: boolean }) {
  if (line.at === undefined || seenAtMs === undefined) return null
  const seenMs = seenAtMs - serverLagMs()
  const lateMs = seenMs - Date.parse(line.at)
  return (
    <>
      <span className="block text-ink max-md:mr-2 max-md:inline">
        seen <Time at={seenMs} />
      </span>
      <span className="text-ink-3">{sent && lateMs < 2_000 ? 'when you sent it' : lateness(lateMs)}</span>
    </>
  )
}

/** The two clocks are the server's and the browser's: what is less than a second apart is not told. */
function lateness(lateMs: number): string {
  return lateMs < 1_000 ? 'at once' : `${formatAge(lateMs)} later`
}

/** When this tab first saw each of the lines `keys`; empty until the browser has looked. */
function useSeenTimes(loanId: string, keys: readonly string[]): SeenTimes {
  const [seen, setSeen] = useState<SeenTimes>({})
  const joined = keys.join(' ')
  useEffect(() => {
    setSeen(noteSeen(tabStorage, loanId, joined.split(' '), Date.now()))
  }, [loanId, joined])
  return seen
}
