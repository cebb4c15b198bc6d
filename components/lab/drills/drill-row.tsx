'use client'

import Link from 'next/link'
import { useId } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatCount, formatDuration, missing, onItsWay } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { DrillName } from '#server/protocol/lab.ts'
import type { DrillReport } from '#server/protocol/lab-report.ts'
import { DrillTimeline } from './drill-timeline.tsx'
import { comparedFindings, controlResult, drillWords } from './drill-words.ts'
import type { DrillStand } from './use-drills.ts'

/** The columns of the table on wide screens, shared with its head. */
export const drillGrid =
  'grid gap-x-4 lg:grid-cols-[minmax(180px,248px)_minmax(0,1fr)_44px_44px_92px_minmax(120px,184px)_112px_96px]'

type DrillRowProps = {
  drill: DrillName
  stand: DrillStand
  isOpen: boolean
  onOpen: (on: boolean) => void
  /** Whether the stored results have been loaded. */
  known: boolean
  mayRun: boolean
  onRun: () => void
  onStop: () => void
}

/** One drill: what it breaks, its latest result, and the button that runs it. */
export function DrillRow({ drill, stand, isOpen, onOpen, known, mayRun, onRun, onStop }: DrillRowProps) {
  const { fault, expected, control } = drillWords[drill]
  const { stored, running, why } = stand
  const detailId = useId()
  const hasDetail = stored !== undefined || running !== undefined || why !== undefined
  const report = stored?.report
  const nothing = running ? onItsWay : known ? missing : onItsWay
  const state = running ? 'running' : why ? 'failed' : stored ? 'done' : 'not-run'
  return (
    <li data-drill={drill} data-state={state} className="border-b border-line last:border-0">
      <div
        className={`items-center py-1 max-lg:grid-cols-[1fr_auto] max-lg:gap-y-1 max-lg:py-3 ${drillGrid}`}
      >
        <h3 className="min-w-0 text-ui font-semibold">
          {hasDetail ? (
            <button
              type="button"
              aria-expanded={isOpen}
              aria-controls={detailId}
              onClick={() => onOpen(!isOpen)}
              className="flex min-h-7 w-full items-center gap-1.5 text-left hover:underline max-md:min-h-11"
            >
              {fault}
              <Icon name={isOpen ? 'chevron-up' : 'chevron-down'} className="scale-75 text-ink-3" />
            </button>
          ) : (
            <span className="flex min-h-7 items-center max-md:min-h-11">{fault}</span>
          )}
        </h3>
        <p className="text-ui text-ink-2 max-lg:col-span-2 max-lg:row-start-2">{expected}</p>
        <dl className="contents max-lg:col-span-2 max-lg:block">
          <Figure label="lost" danger={(report?.ours.ledger.lost ?? 0) > 0}>
            {report ? formatCount(report.ours.ledger.lost) : nothing}
          </Figure>
          {(report?.ours.ledger.late ?? 0) > 0 && (
            <Figure label="late" danger>
              {formatCount(report?.ours.ledger.late ?? 0)}
            </Figure>
          )}
          <Figure label="duplicates" danger={(report?.ours.ledger.repeated ?? 0) > 0}>
            {report ? formatCount(report.ours.ledger.repeated) : nothing}
          </Figure>
          <Figure label="back at head">{report ? backAt(report.ours.backAtHeadMs) : nothing}</Figure>
          <div className="flex justify-between gap-4 py-0.5 text-ui lg:block lg:border-l lg:border-line lg:py-1.5 lg:pl-4">
            <dt className="text-ink-3 lg:sr-only">control</dt>
            <dd className="text-ink-2">{control}</dd>
          </div>
          <Figure label="control result" danger={report && !report.control.kept}>
            {report ? controlResult(report) : nothing}
          </Figure>
        </dl>
        <div className="max-lg:col-start-2 max-lg:row-start-1 lg:text-right">
          <Button
            pending={running !== undefined}
            disabled={!running && !mayRun}
            aria-label={`${running ? 'Running' : stored ? 'Run again' : 'Run'}: ${fault}`}
            onClick={onRun}
            small
          >
            {!running && <Icon name="play" filled className="scale-75" />}
            {running ? 'Running' : 'Run'}
          </Button>
        </div>
      </div>
      {hasDetail && (
        <div id={detailId} hidden={!isOpen}>
          <DrillDetail {...{ drill, stand, onStop }} />
        </div>
      )}
    </li>
  )
}

function backAt(ms: number | null): string {
  return ms === null ? missing : formatDuration(ms)
}

/** A cell of the row on wide screens, a line of the card on phones. */
function Figure({ label, danger, children }: { label: string; danger?: boolean; children: string }) {
  return (
    <div className="flex justify-between gap-4 py-0.5 lg:block lg:text-right">
      <dt className="text-ui text-ink-3 lg:sr-only">{label}</dt>
      <dd className={classes('type-data leading-5 whitespace-nowrap', danger && 'font-semibold text-danger')}>
        {children}
      </dd>
    </div>
  )
}

/** What is happening in a drill, its latest result, or why it failed. */
function DrillDetail({
  drill,
  stand: { stored, running, why },
  onStop,
}: {
  drill: DrillName
  stand: DrillStand
  onStop: () => void
}) {
  const latest = running?.incidents.at(-1)
  return (
    <div className="space-y-6 pt-2 pb-8">
      {why && (
        <Notice danger>
          <strong className="font-semibold">It didn’t finish.</strong> {why}
        </Notice>
      )}
      {running ? (
        <>
          <div className="flex items-center justify-between gap-4">
            <p role="status" className="flex min-w-0 items-center gap-3 text-ui text-ink-2">
              <PendingDashes />
              {running.trouble ?? latest?.what ?? 'Starting a separate server and Postgres.'}
            </p>
            <Button small onClick={onStop}>
              Stop
            </Button>
          </div>
          {running.incidents.length > 0 && <DrillTimeline drill={drill} timeline={running.incidents} />}
        </>
      ) : (
        stored && (
          <>
            <DrillReportView report={stored.report} />
            <p className="text-ui">
              <Link className="link text-ink-2" href={`/lab/runs/${stored.runId}`}>
                Run {stored.number} is stored with this report
              </Link>
            </p>
          </>
        )
      )}
    </div>
  )
}

/** A drill's report: two sentences, a timeline of both arms, and the other findings of each. */
function DrillReportView({ report }: { report: DrillReport }) {
  const findings = comparedFindings(report)
  const { ours, control, drill, timeline } = report
  return (
    <div className="space-y-6">
      <p className="max-w-[76ch] text-body">{report.summary}</p>
      <DrillTimeline {...{ drill, timeline }} />
      {findings.length > 0 && (
        <Table label="Findings of both arms" className="max-w-[856px]">
          <thead>
            <tr>
              <Head>Found</Head>
              <Head figure>As built</Head>
              <Head figure>Control</Head>
            </tr>
          </thead>
          <tbody>
            <Row>
              <Cell>Clients</Cell>
              <Cell className="py-1.5 text-right">{ours.title}</Cell>
              <Cell className="py-1.5 text-right">{control.title}</Cell>
            </Row>
            {(ours.backAtHeadMs ?? control.backAtHeadMs) !== null && (
              <Row>
                <Cell>Back at the head</Cell>
                <Cell figure>{backAt(ours.backAtHeadMs)}</Cell>
                <Cell figure>{backAt(control.backAtHeadMs)}</Cell>
              </Row>
            )}
            {findings.map((found) => (
              <Row key={found.name}>
                <Cell>{found.name}</Cell>
                <Cell figure>{found.ours}</Cell>
                <Cell figure>{found.control}</Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  )
}
