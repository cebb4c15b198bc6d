'use client'
import Link from 'next/link'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PendingDashes } from '#components/ui/pending-dashes.tsx'
import type { DrillName } from '#server/protocol/lab.ts'
import { DrillReportView } from './drill-report-view.tsx'
import { DrillTimeline } from './drill-timeline.tsx'
import type { DrillStand } from './use-drills.ts'

/** What happens in a drill now, or what happened the last time, or why it came to nothing. */
export function DrillDetail({
  drill,
  stand: { stored, running, why },
  onStop,
}: {
  drill: DrillName
  stand: DrillStand
  onStop: () => void
}) {
  const latest = running?.incidents.at(-1)
  return (
    <div className="space-y-6 pt-2 pb-8">
      {why && (
        <Notice danger>
          <strong className="font-semibold">It came to nothing.</strong> {why}
        </Notice>
      )}
      {running ? (
        <>
          <div className="flex items-center justify-between gap-4">
            <p role="status" className="flex min-w-0 items-center gap-3 text-ui text-ink-2">
              <PendingDashes />
              {running.trouble ?? latest?.what ?? 'A server and a Postgres of their own are started.'}
            </p>
            <Button small onClick={onStop}>
              Stop
            </Button>
          </div>
          {running.incidents.length > 0 && <DrillTimeline drill={drill} timeline={running.incidents} />}
        </>
      ) : (
        stored && (
          <>
            <DrillReportView report={stored.report} />
            <p className="text-ui">
              <Link className="link text-ink-2" href={`/lab/runs/${stored.runId}`}>
                Run {stored.number} is kept, with this report
              </Link>
            </p>
          </>
        )
      )}
    </div>
  )
}
