'use client'

import Link from 'next/link'
import type { ReactNode } from 'react'
import { ClusterFigures } from '#components/lab/cluster/cluster-figures.tsx'
import { DrillFigures } from '#components/lab/report/drill-figures.tsx'
import { StoryFiguresTable } from '#components/lab/report/story-figures.tsx'
import { TrapFigures } from '#components/lab/report/trap-figures.tsx'
import { NoSuchRun } from '#components/lab/runs/no-such-run.tsx'
import { runTitle } from '#components/lab/runs/run-words.ts'
import { useRun } from '#components/lab/runs/use-run.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { Time } from '#components/ui/time.tsx'
import type { RunOutcome, WireRun } from '#server/protocol/lab-runs.ts'
import { ComparedReports } from './compared-reports.tsx'

/** Two runs side by side; with fewer, how to choose them. */
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
          <strong className="font-semibold">The runs couldn’t be loaded.</strong> {why}
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
    <ComparedOutcome>
      {without.map(({ number }) => `Run ${number}`).join(' and ')} {without.length > 1 ? 'have' : 'has'} no
      report yet, so there is nothing to compare.
    </ComparedOutcome>
  )
}

function ComparedOutcome({ children }: { children: ReactNode }) {
  return <p className="text-ui text-ink-2">{children}</p>
}

function ChooseTwo() {
  return (
    <StateBlock
      level={1}
      title="No runs selected"
      actions={
        <ButtonLink look="primary" href="/lab/runs">
          Choose two runs
        </ButtonLink>
      }
    >
      Select two runs in the list to see their figures side by side, with the ratio of one to the other.
    </StateBlock>
  )
}

const kinds = {
  scenario: 'a scenario',
  drill: 'a drill',
  trap: 'a trap',
  story: 'the database story',
  cluster: 'a cluster',
}

/** The outcomes of two runs: scenarios figure by figure, any other kind side by side. */
function ComparedOutcomes({ a, b }: { a: RunOutcome; b: RunOutcome }) {
  if (a.kind === 'scenario' && b.kind === 'scenario') return <ComparedReports a={a.report} b={b.report} />
  return (
    <>
      <p className="mb-6 border-l-2 border-ink bg-sunken px-3 py-2 text-ui">
        {a.kind === b.kind
          ? 'These runs have no comparable figures, so they are shown side by side.'
          : `A is ${kinds[a.kind]} and B is ${kinds[b.kind]}: they have no figures in common and can’t be compared.`}
      </p>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
        <Side>{shown(a)}</Side>
        <Side>{shown(b)}</Side>
      </div>
    </>
  )
}

function Side({ children }: { children: ReactNode }) {
  return <div className="min-w-0">{children}</div>
}

function shown(outcome: RunOutcome): ReactNode {
  switch (outcome.kind) {
    case 'scenario':
      return <p className="text-ui text-ink-2">See the report on its own page.</p>
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
