import uPlot from 'uplot'
import { lanes } from '#components/lane/lane-kind.ts'
import { watchTheme } from '#components/trading/chart/chart-colors.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import type { TimeSeries } from './over-time.ts'
import { laneNames } from './report-words.ts'

/** A chart over the seconds of a run, updated imperatively: React does not render what changes twice a second. */
export type TimeChart = {
  show(series: TimeSeries): void
  close(): void
}

export type TimeChartLook = {
  /** Formats a value of the axis. */
  write: (value: number) => string
  /** A logarithmic axis, for latencies. */
  log: boolean
  /** The minimum length of the axis in seconds: the run's planned duration. */
  seconds: number
}

const height = 176
/** From back to front: a line that overlaps another's rails leaves them visible. */
const drawn = ['socket', 'sse', 'long', 'short'] as const satisfies readonly DeliveryName[]
const railsWidth = 5
const gapWidth = 2

/** Opens a chart in `place`, as wide as it. `pointed` is called with the sample under the crosshair. */
export function openTimeChart(
  place: HTMLElement,
  { write, log, seconds }: TimeChartLook,
  pointed: (index: number | undefined) => void,
): TimeChart {
  const style = getComputedStyle(place)
  const font = `11px ${style.getPropertyValue('--font-mono')}`
  const color = (token: string) => () => style.getPropertyValue(token)
  const axis = { font, stroke: color('--ink-3'), ticks: { show: false } }
  const grid = { stroke: color('--line'), width: 1 }
  const chart = new uPlot(
    {
      width: place.clientWidth,
      height,
      legend: { show: false },
      padding: [8, 0, 0, 12],
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: 'lab' } },
      scales: {
        x: { time: false, range: (_, __, most) => [0, Math.max(seconds, most ?? 0)] },
        y: log ? { distr: 3 } : { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] },
      },
      axes: [
        {
          ...axis,
          grid: { ...grid, dash: [1, 3] },
          values: (_, at) => at.map((second) => `${second} s`),
          size: 28,
        },
        {
          ...axis,
          ...{ side: 1, size: 64, space: 36, grid: log ? { ...grid, filter: decadesOnly } : grid },
          values: (_, at) => at.map((value) => (value === null ? '' : write(value))),
        },
      ],
      series: [{}, ...drawn.flatMap((name) => linesOf(name, color))],
      hooks: {
        setCursor: [({ cursor }) => pointed(cursor.idx ?? undefined)],
      },
    },
    [[]],
    place,
  )
  const unwatch = watchTheme(() => chart.redraw(false))
  const resized = new ResizeObserver(() => {
    if (place.clientWidth > 0) chart.setSize({ width: place.clientWidth, height })
  })
  resized.observe(place)
  return {
    show({ seconds: at, lanes: values }) {
      chart.setData([at, ...drawn.flatMap((name) => linesOf(name, color).map(() => values[name]))])
    },
    close() {
      unwatch()
      resized.disconnect()
      chart.destroy()
    },
  }
}

/** Grid lines at decades only; those in between would dominate the chart. */
function decadesOnly(_: uPlot, at: number[]): (number | null)[] {
  return at.map((value) =>
    Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6 ? value : null,
  )
}

/** A lane's line in its colour and dashes; a socket's rails are a broad line with a narrow one cut out of it. */
function linesOf(name: DeliveryName, color: (token: string) => () => string): uPlot.Series[] {
  const { kind } = laneNames[name]
  const line = { stroke: color(`--${kind}`), spanGaps: true, points: { show: false } }
  if (kind === 'ws') {
    return [
      { ...line, width: railsWidth },
      { ...line, width: gapWidth, stroke: color('--bg') },
    ]
  }
  return [{ ...line, width: 2, dash: [...lanes[kind].dash] }]
}
