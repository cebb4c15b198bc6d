'use client'
import { useState } from 'react'
import { howMeasured, type Measured } from '#components/lab/report/how-measured.ts'
import { Section } from '#components/lab/report/section.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { type DrillName, drillNames } from '#server/protocol/lab.ts'
import { DrillRow, drillGrid } from './drill-row.tsx'
import { useDrills } from './use-drills.ts'

const how: readonly Measured[] = [
  {
    figure: 'both arms',
    how: 'Both arms get the same entries and the same fault at the same moment, each on its own server and Postgres.',
  },
  {
    figure: 'back at head',
    how: 'Time from the end of the fault until every client of the “as built” arm has an entry written after it.',
  },
  ...howMeasured.ledger,
]

/** Real faults, injected into our code and into what most tutorials show; each with its latest result. */
export function DrillsSection() {
  const drills = useDrills()
  const { current, mayRun, trouble, other, standOf } = drills
  const [opened, setOpened] = useState<ReadonlySet<DrillName>>(new Set())
  const open = (drill: DrillName, on: boolean) =>
    setOpened((before) => new Set(on ? [...before, drill] : [...before].filter((one) => one !== drill)))
  return (
    <Section
      title="Drills"
      note="both arms run together: as built, and a control without the mechanism"
      how={how}
    >
      {trouble && (
        <Notice danger className="my-3">
          {trouble}
        </Notice>
      )}
      {mayRun === false && (
        <p className="py-3 text-ui text-ink-2">
          Drills can only be run in demo mode, on the server’s machine, when one process has all roles. You
          can read past results here.
        </p>
      )}
      {other && (
        <Notice className="my-3">
          Another run is in progress: {other}. You can run a drill once it has finished.
        </Notice>
      )}
      <div
        aria-hidden
        className={`type-label h-8 items-center border-b border-line-strong max-lg:hidden ${drillGrid}`}
      >
        <span>Fault</span>
        <span>Expected</span>
        <span className="text-right">lost</span>
        <span className="text-right">duplicates</span>
        <span className="text-right">back at head</span>
        <span className="border-l border-line pl-4">Control</span>
        <span className="text-right">control result</span>
        <span />
      </div>
      <ul aria-label="Drills">
        {drillNames.map((drill) => (
          <DrillRow
            key={drill}
            drill={drill}
            stand={standOf(drill)}
            isOpen={opened.has(drill)}
            onOpen={(on) => open(drill, on)}
            known={mayRun !== undefined || trouble !== undefined}
            mayRun={mayRun === true && (current === undefined || current === drill)}
            onRun={() => {
              open(drill, true)
              drills.run(drill)
            }}
            onStop={drills.stop}
          />
        ))}
      </ul>
    </Section>
  )
}
