'use client'

import { type ReactNode, useMemo, useState } from 'react'
import type { RunFigures } from '#components/lab/runs/run-state.ts'
import { formatBytes, formatCount, formatDuration, formatMemory, missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { Incident, Machine, Observer, RunReport, Sample } from '#server/protocol/lab-report.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'
import { BrowserSection } from './browser-section.tsx'
import { claimsOf } from './claims.ts'
import { CostSection } from './cost-section.tsx'
import { howMeasured } from './how-measured.ts'
import { IncidentsSection } from './incidents-section.tsx'
import { LatencySection } from './latency-section.tsx'
import { LedgerSection } from './ledger-section.tsx'
import { MatrixSection } from './matrix-section.tsx'
import { Section } from './section.tsx'
import { difference, liveSheet, type Sheet, sheetOf } from './sheet.ts'
import 'uplot/dist/uPlot.min.css'
import { Choice } from '#components/ui/choice.tsx'
import { formatFigure, formatLater, formatShare } from './report-words.ts'
import { TimeChartBox } from './time-chart-box.tsx'

type LiveProps = {
  scenario: Scenario
  figures: RunFigures
  samples: readonly Sample[]
  incidents: readonly Incident[]
}

/** The figures of a scenario's run under way. */
export function LiveFigures({ scenario, figures, samples, incidents }: LiveProps) {
  return <SheetFigures sheet={liveSheet(scenario, figures, samples, incidents)} />
}

/** The figures of a finished scenario's run. */
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

/** The lab's wide and narrow columns. */
function Pair({ children }: { children: ReactNode }) {
  return (
    <div className="grid gap-x-12 gap-y-10 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)] print:block print:space-y-6">
      {children}
    </div>
  )
}

/** The machine that the run was measured on. Another machine gives other figures; ratios carry over better. */
function MachineSection({ machine }: { machine: Machine }) {
  const { cores, cpu, memoryBytes, os, node, postgres, loadBefore } = machine
  const facts = [
    ['Cores', `${cores}, ${cpu}`],
    ['Memory', formatMemory(memoryBytes)],
    ['System', os],
    ['Node', node],
    ['Postgres', postgres],
    ['Load before', loadBefore.toFixed(2)],
  ] as const
  return (
    <Section title="Machine" how={howMeasured.machine}>
      <Table wide label="Machine">
        <tbody>
          {facts.map(([name, value]) => (
            <Row key={name}>
              <th scope="row" className="h-(--row) pr-4 text-left font-normal whitespace-nowrap text-ink-2">
                {name}
              </th>
              <Cell data className="py-1.5 text-right whitespace-normal">
                {value}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </Section>
  )
}

/** Common claims with their figures, beside the figures of this run. */
function ClaimsSection({ sheet }: { sheet: Sheet }) {
  return (
    <Section title="Claimed and measured" how={howMeasured.claims}>
      <Table wide label="Claimed and measured">
        <thead>
          <tr className="max-md:hidden print:table-row">
            <Head>Common claim</Head>
            <Head figure>claimed</Head>
            <Head figure>measured here</Head>
          </tr>
        </thead>
        <tbody>
          {claimsOf(sheet).map(({ said, claimed, measured }) => (
            <Row key={said} className="max-md:grid max-md:grid-cols-2 max-md:py-2 print:table-row">
              <Cell className="py-1.5 max-md:col-span-full max-md:h-auto max-md:py-0">{said}</Cell>
              <Cell figure className="text-ink-3 max-md:h-auto max-md:text-left print:text-right">
                <span className="md:hidden print:hidden">claimed </span>
                {claimed}
              </Cell>
              <Cell
                figure
                className={`max-md:h-auto ${measured === missing ? 'text-ink-3' : 'font-semibold'}`}
              >
                {measured}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </Section>
  )
}

const options = [
  { value: 'p50', label: 'p50' },
  { value: 'p99', label: 'p99' },
] as const

/** The figures over the course of the run: four charts with a shared time axis. */
function OverTimeSection({ sheet: { samples, scenario, seconds } }: { sheet: Sheet }) {
  const [latency, setLatency] = useState<'p50' | 'p99'>('p50')
  const common = { samples, seconds: Math.max(scenario.seconds, seconds) }
  return (
    <Section
      title="Over time"
      control={<Choice small label="Latency of" options={options} value={latency} onChange={setLatency} />}
      how={howMeasured.time}
      className="break-inside-auto"
    >
      <div className="grid gap-x-12 gap-y-4 lg:grid-cols-2">
        <TimeChartBox
          title={`Latency, ${latency}`}
          measure={latency}
          log
          write={formatDuration}
          {...common}
        />
        <TimeChartBox
          title="Bytes per second, both directions"
          measure="bytes"
          write={writeBytes}
          {...common}
        />
        <TimeChartBox title="Server CPU, percent of a core" measure="cpu" write={writePercent} {...common} />
        <TimeChartBox title="Queries per second" measure="queries" write={formatFigure} {...common} />
      </div>
    </Section>
  )
}

const writeBytes = (bytes: number) => formatBytes(Math.round(bytes))
const writePercent = (percent: number) => `${formatFigure(percent)} %`

/** The CPU share of one core at which one of the lab's own processes limits a run. */
const busyShare = 0.8

/** The measured cost of measuring, so that figures can be told apart from their instrument. */
function ObserverSection({ observer }: { observer: Observer }) {
  const { directMs, proxiedMs, crowdCpuShare, labCpuShare, writerCpuShare, queries, writerLateMs } = observer
  const shares = [
    ['Headless clients', crowdCpuShare],
    ['The lab and its proxies', labCpuShare],
    ['The writer', writerCpuShare],
  ] as const
  const busy = shares.filter(([, part]) => part > busyShare).map(([name]) => name)
  return (
    <Section title="Observer effect" note="cost of measuring" how={howMeasured.observer}>
      <Table wide label="Observer effect">
        <thead className="sr-only">
          <tr>
            <Head>What</Head>
            <Head figure>Measured</Head>
          </tr>
        </thead>
        <tbody>
          <Figure name="A small request, directly" value={`${formatFigure(directMs)} ms`} />
          <Figure
            name="The same through a line of the lab"
            value={`${formatFigure(proxiedMs)} ms, ${formatLater(difference(proxiedMs, directMs))}`}
          />
          {shares.map(([name, part]) => (
            <Figure key={name} name={name} value={`${formatShare(part)} of a core`} />
          ))}
          <Figure name="Queries of the lab’s own, in no lane’s count" value={formatCount(queries)} />
          <Figure name="The writer, late at worst" value={formatDuration(Math.max(0, writerLateMs))} />
        </tbody>
      </Table>
      {busy.length > 0 && (
        <p className="mt-2 border-l-2 border-danger bg-danger-wash px-3 py-2 text-ui">
          {busy.join(' and ')} used nearly a full core, so the figures above reflect the lab more than the
          deliveries.
        </p>
      )}
    </Section>
  )
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <Row>
      <Cell>{name}</Cell>
      <Cell figure>{value}</Cell>
    </Row>
  )
}
