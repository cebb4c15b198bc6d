'use client'
import { type ReactNode, useMemo } from 'react'
import type { RunFigures } from '#components/lab/runs/run-state.ts'
import type { Scenario } from '#server/protocol/lab.ts'
import type { Incident, RunReport, Sample } from '#server/protocol/lab-report.ts'
import { BrowserSection } from './browser-section.tsx'
import { ClaimsSection } from './claims-section.tsx'
import { CostSection } from './cost-section.tsx'
import { IncidentsSection } from './incidents-section.tsx'
import { LatencySection } from './latency-section.tsx'
import { LedgerSection } from './ledger-section.tsx'
import { MachineSection } from './machine-section.tsx'
import { MatrixSection } from './matrix-section.tsx'
import { ObserverSection } from './observer-section.tsx'
import { OverTimeSection } from './over-time-section.tsx'
import { liveSheet, type Sheet, sheetOf } from './sheet.ts'

type LiveProps = {
  scenario: Scenario
  figures: RunFigures
  samples: readonly Sample[]
  incidents: readonly Incident[]
}

/** The figures of a scenario's run while it goes on. */
export function LiveFigures({ scenario, figures, samples, incidents }: LiveProps) {
  return <SheetFigures sheet={liveSheet(scenario, figures, samples, incidents)} />
}

/** The figures of a scenario's run that is over. */
export function ReportFigures({ report }: { report: RunReport }) {
  const sheet = useMemo(() => sheetOf(report), [report])
  return <SheetFigures sheet={sheet} />
}

function SheetFigures({ sheet }: { sheet: Sheet }) {
  const { lanes, incidents, observer, machine, browser } = sheet
  return (
    <div className="space-y-10 print:space-y-6">
      <Pair>
        <LatencySection lanes={lanes} />
        <LedgerSection sheet={sheet} />
        <div className="min-w-0 space-y-10 print:space-y-6">
          <CostSection sheet={sheet} />
          {observer && <ObserverSection observer={observer} />}
        </div>
        <ClaimsSection sheet={sheet} />
      </Pair>
      <OverTimeSection sheet={sheet} />
      <MatrixSection sheet={sheet} />
      {browser && <BrowserSection browser={browser} />}
      {(incidents.length > 0 || machine) && (
        <Pair>
          {incidents.length > 0 && <IncidentsSection incidents={incidents} />}
          {machine && <MachineSection machine={machine} />}
        </Pair>
      )}
    </div>
  )
}

/** The wide and the narrow column of the lab. */
function Pair({ children }: { children: ReactNode }) {
  return (
    <div className="grid gap-x-12 gap-y-10 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)] print:block print:space-y-6">
      {children}
    </div>
  )
}
