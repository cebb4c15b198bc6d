'use client'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { NoSuchRun } from '#components/lab/runs/no-such-run.tsx'
import { runTitle } from '#components/lab/runs/run-words.ts'
import { useRun } from '#components/lab/runs/use-run.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { ButtonLink } from '#components/ui/button-link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { ComparedOutcomes } from './compared-outcomes.tsx'

/** Two runs side by side; without two it says how to choose them. */
export function ComparePage({ a, b }: { a?: string; b?: string }) {
  return (
    <>
      <PhoneTitle back="/lab/runs" backLabel="Runs" title="Compare" />
      <div className="page-x pt-8 pb-16">{a && b ? <TwoRuns a={a} b={b} /> : <ChooseTwo />}</div>
    </>
  )
}

function TwoRuns(ids: { a: string; b: string }) {
  const a = useRun(ids.a)
  const b = useRun(ids.b)
  if (a.missing || b.missing) return <NoSuchRun />
  const why = a.trouble ?? b.trouble
  return (
    <>
      <h1 className="type-title mb-5">Two runs compared</h1>
      {why && (
        <Notice danger className="mb-6">
          <strong className="font-semibold">The runs do not come.</strong> {why}
        </Notice>
      )}
      {a.run && b.run ? (
        <>
          <div className="mb-8 grid gap-x-12 gap-y-3 md:grid-cols-2">
            <RunName letter="A" run={a.run} />
            <RunName letter="B" run={b.run} />
          </div>
          <Compared a={a.run} b={b.run} />
        </>
      ) : (
        !why && <SkeletonRows label="Loading the runs" rows={6} />
      )}
    </>
  )
}

function RunName({ letter, run }: { letter: string; run: WireRun }) {
  return (
    <p className="border-t border-line-strong pt-2">
      <span className="type-data mr-3 text-ink-3">{letter}</span>
      <Link href={`/lab/runs/${run.id}`} className="link type-section">
        {runTitle(run)}
      </Link>
      <span className="type-data mt-1 block pl-5 text-ink-2">
        run {run.number}, <Time at={run.startedAt} style="full" />
      </span>
    </p>
  )
}

function Compared({ a, b }: { a: WireRun; b: WireRun }) {
  const without = [a, b].filter(({ outcome }) => outcome === undefined)
  if (a.outcome && b.outcome) return <ComparedOutcomes a={a.outcome} b={b.outcome} />
  return (
    <Told>
      {without.map(({ number }) => `Run ${number}`).join(' and ')} {without.length > 1 ? 'have' : 'has'} no
      report: there is nothing to compare yet.
    </Told>
  )
}

function Told({ children }: { children: ReactNode }) {
  return <p className="text-ui text-ink-2">{children}</p>
}

function ChooseTwo() {
  return (
    <StateBlock
      level={1}
      title="Which two?"
      actions={
        <ButtonLink look="primary" href="/lab/runs">
          Choose two runs
        </ButtonLink>
      }
    >
      Tick two in the list of runs, and their figures stand side by side, with how many times the one is the
      other.
    </StateBlock>
  )
}
