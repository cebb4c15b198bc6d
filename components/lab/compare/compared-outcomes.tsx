import type { ReactNode } from 'react'
import { DrillFigures } from '#components/lab/report/drill-figures.tsx'
import { StoryFiguresTable } from '#components/lab/report/story-figures.tsx'
import { TrapFigures } from '#components/lab/report/trap-figures.tsx'
import type { RunOutcome } from '#server/protocol/lab-runs.ts'
import { ComparedReports } from './compared-reports.tsx'

const kinds = { scenario: 'a scenario', drill: 'a drill', trap: 'a trap', story: 'the story of the database' }

/** The outcomes of two runs: scenarios figure by figure, anything else side by side. */
export function ComparedOutcomes({ a, b }: { a: RunOutcome; b: RunOutcome }) {
  if (a.kind === 'scenario' && b.kind === 'scenario') return <ComparedReports a={a.report} b={b.report} />
  return (
    <>
      <p className="mb-6 border-l-2 border-ink bg-sunken px-3 py-2 text-ui">
        {a.kind === b.kind
          ? 'These have no figures with a common measure: they stand side by side.'
          : `A is ${kinds[a.kind]}, B is ${kinds[b.kind]}: they have no figure in common and are not compared.`}
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
      return <p className="text-ui text-ink-2">Its report is on its own page.</p>
    case 'drill':
      return <DrillFigures report={outcome.report} />
    case 'trap':
      return <TrapFigures report={outcome.report} />
    case 'story':
      return <StoryFiguresTable modes={outcome.report.modes} />
  }
}
