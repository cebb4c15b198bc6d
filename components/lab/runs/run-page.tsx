'use client'

import { ClusterFigures } from '#components/lab/cluster/cluster-figures.tsx'
import { DrillFigures } from '#components/lab/report/drill-figures.tsx'
import { LiveFigures, ReportFigures } from '#components/lab/report/figures.tsx'
import { IncidentsSection } from '#components/lab/report/incidents-section.tsx'
import { StoryFiguresTable } from '#components/lab/report/story-figures.tsx'
import { TrapFigures } from '#components/lab/report/trap-figures.tsx'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PendingDashes, SkeletonRows } from '#components/ui/skeleton.tsx'
import type { RunState, WireRun } from '#server/protocol/lab-runs.ts'
import { NoSuchRun } from './no-such-run.tsx'
import { RunHead } from './run-head.tsx'
import { isOver } from './run-state.ts'
import { type FollowedRun, useRun } from './use-run.ts'

/** One run: live while it is running, then its report. */
export function RunPage({ id, initial }: { id: string; initial?: WireRun }) {
  const followed = useRun(id, initial)
  const { run, isRead, missing, trouble } = followed
  if (missing) return <NoSuchRun />
  return (
    <>
      <PhoneTitle back="/lab/runs" backLabel="Runs" title={run ? `Run ${run.number}` : 'Run'} />
      <article className="page-x pt-8 pb-16 print:p-0">
        {run ? (
          <RunHead run={run} state={followed.state ?? run.state} />
        ) : (
          <h1 className="type-title">Run</h1>
        )}
        {trouble && (
          <Notice danger className="mb-6 print:hidden">
            <strong className="font-semibold">This run couldn’t be loaded.</strong> {trouble}
          </Notice>
        )}
        {run && isRead ? (
          <RunBody followed={followed} run={run} />
        ) : (
          <SkeletonRows label="Loading the run" rows={6} />
        )}
        {run && (
          <p className="mt-12 text-ui print:hidden">
            <ButtonLink href="/lab/runs" look="quiet">
              All runs
            </ButtonLink>
          </p>
        )}
      </article>
    </>
  )
}

/** What is known about a run: live figures, the report of its kind, or why there is none. */
function RunBody({ run, followed }: { run: WireRun; followed: FollowedRun }) {
  const { state, detail, figures, samples, incidents, story } = followed
  const { outcome, order } = run
  if (outcome) return <Outcome outcome={outcome} />
  if (state === 'failed') {
    return (
      <Notice danger>
        <strong className="font-semibold">The run failed.</strong>{' '}
        {run.failure ?? detail ?? 'No reason was given.'}
      </Notice>
    )
  }
  if (isOver(run.state)) return <p className="text-ui text-ink-2">It ended before anything was measured.</p>
  return (
    <div className="space-y-10">
      <p role="status" className="flex items-center gap-3 text-ui text-ink-2">
        <PendingDashes />
        {isOver(state) ? 'Writing the report.' : (detail ?? stateSentences[state ?? run.state])}
      </p>
      {order.kind === 'scenario' && figures && (
        <LiveFigures scenario={order.scenario} {...{ figures, samples, incidents }} />
      )}
      {order.kind === 'drill' && incidents.length > 0 && (
        <IncidentsSection title="Timeline" incidents={incidents} />
      )}
      {order.kind === 'cluster' && (
        <p>
          <ButtonLink href="/lab/cluster">See it live</ButtonLink>
        </p>
      )}
      {order.kind === 'story' && <StoryFiguresTable modes={newestOf(story)} />}
    </div>
  )
}

const stateSentences = {
  preparing: 'Preparing.',
  running: 'Running.',
  finishing: 'Finishing.',
  done: 'Done.',
  stopped: 'Stopped.',
  failed: 'Failed.',
} as const satisfies Record<RunState, string>

function Outcome({ outcome }: { outcome: NonNullable<WireRun['outcome']> }) {
  switch (outcome.kind) {
    case 'scenario':
      return <ReportFigures report={outcome.report} />
    case 'drill':
      return <DrillFigures report={outcome.report} />
    case 'trap':
      return <TrapFigures report={outcome.report} />
    case 'story':
      return <StoryFiguresTable modes={outcome.report.modes} />
    case 'cluster':
      return <ClusterFigures report={outcome.report} />
  }
}

function newestOf(story: FollowedRun['story']) {
  return Object.fromEntries(story.map((figures) => [figures.mode, figures]))
}
