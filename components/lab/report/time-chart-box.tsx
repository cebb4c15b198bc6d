'use client'

import { useEffect, useMemo, useRef, useState } from 'react'
import { Lane } from '#components/lane/lane.tsx'
import { laneColor, lanes } from '#components/lane/lane-kind.ts'
import { missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { Sample } from '#server/protocol/lab-report.ts'
import { highestOf, overTime, type TimeMeasure, type TimeSeries, thinned } from './over-time.ts'
import { laneNames } from './report-words.ts'
import type { TimeChart } from './time-chart.ts'

type BoxProps = {
  title: string
  measure: TimeMeasure
  samples: readonly Sample[]
  /** Of the whole run. */
  seconds: number
  log?: boolean
  write: (value: number) => string
}

/** One chart of the run, with each lane's value under the crosshair above it or, without one, its latest. */
export function TimeChartBox({ title, measure, samples, seconds, log = false, write }: BoxProps) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<TimeChart>(null)
  const [pointed, setPointed] = useState<number>()
  const series = useMemo(() => overTime(samples, measure), [samples, measure])
  const latest = useRef(series)
  const writeNow = useRef(write)

  useEffect(() => {
    let left = false
    void import('./time-chart.ts').then(({ openTimeChart }) => {
      if (left || !place.current) return
      const look = { log, seconds, write: (value: number) => writeNow.current(value) }
      chart.current = openTimeChart(place.current, look, setPointed)
      chart.current.show(latest.current)
    })
    return () => {
      left = true
      chart.current?.close()
      chart.current = null
    }
  }, [log, seconds])

  useEffect(() => {
    latest.current = series
    writeNow.current = write
    chart.current?.show(series)
  }, [series, write])

  const shown = pointed !== undefined && pointed < series.seconds.length ? pointed : series.seconds.length - 1
  return (
    <figure className="min-w-0 break-inside-avoid pt-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 text-ui">
        <span className="font-semibold">{title}</span>
        <span className="type-axis text-ink-3">
          {series.seconds[shown] === undefined ? missing : `at ${series.seconds[shown].toFixed(1)} s`}
        </span>
      </figcaption>
      <p className="mt-1 grid grid-cols-2 gap-x-4 md:flex print:hidden">
        {deliveryNames.map((name) => {
          const value = series.lanes[name][shown] ?? null
          return (
            <span key={name} className="flex items-center gap-1.5">
              <Lane kind={laneNames[name].kind} width={16} label={laneNames[name].name} />
              <span className="type-data min-w-16">{value === null ? missing : write(value)}</span>
            </span>
          )
        })}
      </p>
      <div ref={place} aria-hidden className="h-44 min-w-0 overflow-hidden print:hidden" />
      <PrintedLines series={series} log={log} write={write} />
      <TimeTable title={title} series={series} write={write} />
    </figure>
  )
}

type PrintedLinesProps = { series: TimeSeries; log: boolean; write: (value: number) => string }

const width = 1_000
const height = 100
const lowestMs = 0.1

/** The same lines in print, where a canvas would be as coarse and dark as the screen. */
function PrintedLines({ series, log, write }: PrintedLinesProps) {
  const highest = highestOf(series)
  const last = series.seconds.at(-1)
  if (highest === undefined || highest === 0 || last === undefined || last === 0) return null
  const y = (value: number) =>
    log
      ? height * (1 - Math.log(Math.max(value, lowestMs) / lowestMs) / Math.log(highest / lowestMs || 10))
      : height * (1 - value / highest)
  return (
    <div className="hidden print:block">
      <svg
        aria-hidden
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className="block h-28 w-full overflow-visible border-y border-line"
      >
        {deliveryNames.map((name) => {
          const { kind } = laneNames[name]
          const at = series.lanes[name].flatMap((value, nth) => {
            const second = series.seconds[nth]
            return value === null || second === undefined ? [] : [`${(second / last) * width},${y(value)}`]
          })
          return (
            <polyline
              key={name}
              points={at.join(' ')}
              className={laneColor[kind]}
              fill="none"
              stroke="currentColor"
              strokeWidth={lanes[kind].strokeWidth}
              strokeDasharray={lanes[kind].dash.join(' ')}
              vectorEffect="non-scaling-stroke"
            />
          )
        })}
      </svg>
      <p className="type-axis flex justify-between text-ink-3">
        <span>0 to {Math.round(last)} s</span>
        <span>top: {write(highest)}</span>
      </p>
    </div>
  )
}

const mostRows = 30

/** The chart's contents as a table for screen readers; for a long run every nth sample. */
function TimeTable({
  title,
  series,
  write,
}: {
  title: string
  series: TimeSeries
  write: (value: number) => string
}) {
  const [open, setOpen] = useState(false)
  return (
    <div className="print:hidden">
      <button
        type="button"
        aria-expanded={open}
        aria-label={`${title} as a table`}
        onClick={() => setOpen(!open)}
        className="type-label min-h-7 hover:text-ink max-md:min-h-11"
      >
        {open ? 'Hide table' : 'Show as table'}
      </button>
      {open && (
        <Table wide label={title}>
          <thead>
            <tr>
              <Head>at</Head>
              {deliveryNames.map((name) => (
                <Head key={name} figure>
                  {laneNames[name].name}
                </Head>
              ))}
            </tr>
          </thead>
          <tbody>
            {thinned(series.seconds.length, mostRows).map((nth) => (
              <Row key={nth}>
                <Cell data>{(series.seconds[nth] ?? 0).toFixed(1)} s</Cell>
                {deliveryNames.map((name) => {
                  const value = series.lanes[name][nth] ?? null
                  return (
                    <Cell key={name} figure>
                      {value === null ? missing : write(value)}
                    </Cell>
                  )
                })}
              </Row>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  )
}
