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
    how: 'They are sent the same entries and meet the same fault at the same moment, on a server and a Postgres of their own.',
  },
  {
    figure: 'back at head',
    how: 'From when the fault was healed until the last of our clients has an entry that was written after that.',
  },
  ...howMeasured.ledger,
]

/** Things that are broken for real, with ours and with what most tutorials show; each with its latest result. */
export function DrillsSection() {
  const drills = useDrills()
  const { current, mayRun, trouble, other, standOf } = drills
  const [opened, setOpened] = useState<ReadonlySet<DrillName>>(new Set())
  const open = (drill: DrillName, on: boolean) =>
    setOpened((before) => new Set(on ? [...before, drill] : [...before].filter((one) => one !== drill)))
  return (
    <Section
      title="Drills"
      note="both arms at once: as built, and a control with the mechanism taken out"
      how={how}
    >
      {trouble && (
        <Notice danger className="my-3">
          {trouble}
        </Notice>
      )}
      {mayRun === false && (
        <p className="py-3 text-ui text-ink-2">
          Drills are run in demo mode on the machine of the server. What was found there can be read here.
        </p>
      )}
      {other && (
        <Notice className="my-3">Another run goes on: {other}. A drill can be run when it is over.</Notice>
      )}
      <div
        aria-hidden
        className={`type-label h-8 items-center border-b border-line-strong max-lg:hidden ${drillGrid}`}
      >
        <span>Fault</span>
        <span>What should happen</span>
        <span className="text-right">lost</span>
        <span className="text-right">twice</span>
        <span className="text-right">back at head</span>
        <span className="border-l border-line pl-4">Control, taken out</span>
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
