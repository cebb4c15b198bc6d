'use client'
import Link from 'next/link'
import { Notice } from '#components/ui/notice.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import type { TrapName } from '#server/protocol/lab.ts'
import type { TrapArm } from '#server/protocol/lab-report.ts'
import { isWalkedInto, useTraps } from './trap-runs.tsx'

/** What was observed in both arms, or why nothing was yet. */
export function TrapSeen({ trap }: { trap: TrapName }) {
  const stand = useTraps().standOf(trap)
  return (
    <div role="status" data-state={stand.state} className="border-t border-line-strong">
      {stand.state === 'not-run' && (
        <p className="py-3 text-ui text-ink-3">
          Not run yet.{' '}
          {isWalkedInto(trap) ? 'This browser takes part in the run.' : 'Both versions run on the server.'}
        </p>
      )}
      {stand.state === 'running' && (
        <p className="flex items-center gap-3 py-3 text-ui text-ink-2">
          <PendingDashes />
          Running both versions, one after the other.
        </p>
      )}
      {(stand.state === 'refused' || stand.state === 'failed') && (
        <Notice danger className="my-3">
          {stand.state === 'refused' ? 'Not run.' : 'The run failed.'} {stand.why}
        </Notice>
      )}
      {stand.state === 'done' && (
        <>
          <div className="grid lg:grid-cols-2 lg:gap-x-10">
            <Arm arm={stand.report.failing} />
            <Arm arm={stand.report.working} />
            {stand.report.also && <Arm arm={stand.report.also} />}
          </div>
          <p className="pt-3 text-ui">
            <Link className="link text-ink-2" href={`/lab/runs/${stand.runId}`}>
              This run is stored
            </Link>
          </p>
        </>
      )}
    </div>
  )
}

function Arm({ arm }: { arm: TrapArm }) {
  return (
    <section className="min-w-0 py-3">
      <h4 className="flex items-baseline justify-between gap-4 text-ui font-semibold">
        {arm.title}
        <span className={`type-data font-semibold ${arm.fell ? 'text-danger' : 'text-ink'}`}>
          {arm.fell ? 'hit the problem' : 'avoided it'}
        </span>
      </h4>
      <ul className="mt-1.5 text-ui text-ink-2">
        {arm.seen.map((sentence) => (
          <li key={sentence} className="border-t border-line py-1.5 wrap-anywhere text-pretty">
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  )
}
