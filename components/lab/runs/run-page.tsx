'use client'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { NoSuchRun } from './no-such-run.tsx'
import { RunBody } from './run-body.tsx'
import { RunHead } from './run-head.tsx'
import { useRun } from './use-run.ts'

/** One run: live while it goes on, then its report. */
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
