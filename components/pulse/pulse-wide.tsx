'use client'

import { Lane } from '#components/lane/lane.tsx'
import { type LaneKind, laneKinds, lanes } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'
import { formatDuration } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { type FigureWords, figureWords, noFigureWords, type Trouble } from './figures.ts'
import { Plot, type PlotShape } from './plot.tsx'
import { hollowLanes, type Pulse } from './use-pulse.ts'
import { WireNote } from './wire-note.tsx'

const rows = { log: 56, lane: 64 }
const middleOf = (n: number) => rows.log + n * rows.lane + 34
const shape: PlotShape = {
  axis: 'x',
  log: 36,
  lanes: { short: middleOf(0), long: middleOf(1), sse: middleOf(2), ws: middleOf(3) },
}

const columns = [
  { figure: 'wait', head: ['median', 'wait'], says: 'median wait' },
  { figure: 'opened', head: ['opened', 'in 30 s'], says: 'opened in 30 s' },
  { figure: 'received', head: ['received', 'in 30 s'], says: 'received in 30 s' },
] as const satisfies { figure: keyof FigureWords; head: [string, string]; says: string }[]

/** What the paler part of the drawing shows. */
export const pastWords = 'Paler: before this page opened, as each would have delivered it.'

/** The drawing on wide screens: names, plot and figures on the page's grid, time running to the right. */
export function PulseWide({ pulse }: { pulse: Pulse }) {
  const { happened, scene, past, baseMs, stopped, toggle, figures, troubles, lagMs } = pulse
  const hollow = hollowLanes(pulse)
  return (
    <div className="relative max-md:hidden">
      <div className="home-grid h-14 border-b border-line-strong">
        <div className="flex items-end gap-3 pb-1.5">
          <h2 className="type-section leading-7">The log</h2>
          <span className="type-label leading-7">
            {happened === undefined
              ? 'last 30 s'
              : `${happened} ${happened === 1 ? 'event' : 'events'} in 30 s`}
          </span>
          <PauseButton stopped={stopped} onToggle={toggle} className="mr-6 ml-auto" />
        </div>
        <div />
        <FigureHeads />
      </div>
      {laneKinds.map((kind) => (
        <WireRow key={kind} kind={kind} trouble={troubles[kind]} hollow={hollow.includes(kind)}>
          {hollow.includes(kind) ? noFigureWords : figureWords(figures?.[kind])}
        </WireRow>
      ))}
      <div className="home-grid pt-px">
        <p className="type-label pt-2">
          {past && pastWords}
          {!past &&
            lagMs !== 0 &&
            `This browser’s clock is ${formatDuration(Math.abs(lagMs))} ${lagMs > 0 ? 'ahead' : 'behind'}; corrected.`}
        </p>
        <TimeScale />
        <p className="type-label pt-2 text-right">bytes sent aren’t visible to the page</p>
      </div>
      <Plot
        shape={shape}
        scene={scene}
        past={past}
        baseMs={baseMs}
        still={stopped}
        hollow={hollow}
        className="home-plot pointer-events-none absolute top-0 h-[312px]"
      />
    </div>
  )
}

function FigureHeads() {
  return (
    <div aria-hidden className="figure-grid type-label items-end pb-1.5 text-right">
      {columns.map(({ figure, head: [first, second] }) => (
        <span key={figure}>
          {first}
          <br />
          {second}
        </span>
      ))}
    </div>
  )
}

function WireRow({
  kind,
  trouble,
  hollow,
  children,
}: {
  kind: LaneKind
  trouble: Trouble | null
  hollow: boolean
  children: FigureWords
}) {
  return (
    <div
      role="group"
      aria-label={lanes[kind].name}
      className="home-grid h-16 border-b border-line last-of-type:border-line-strong"
    >
      <div className="flex gap-3 pt-1.5">
        <Lane kind={kind} width={36} className="mt-0.5" />
        <div className="min-w-0 pr-4">
          <h3 className="text-[14px] leading-5 font-semibold font-stretch-[94%]">{lanes[kind].name}</h3>
          <WireNote kind={kind} trouble={trouble} hollow={hollow} />
        </div>
      </div>
      <div />
      <div className="figure-grid font-mono text-ui text-right">
        {columns.map(({ figure, says }) => (
          <span key={figure} className="pt-6">
            <span className="sr-only">{says} </span>
            {children[figure]}
          </span>
        ))}
      </div>
    </div>
  )
}

/** From 30 s ago to now. */
function TimeScale() {
  return (
    <svg className="h-9 w-full overflow-visible" aria-hidden>
      {Array.from({ length: 31 }, (_, second) => {
        const major = second % 5 === 0
        const x = `${(second / 30) * 100}%`
        return (
          <g key={x}>
            <line x1={x} x2={x} y1={0} y2={major ? 8 : 4} className="stroke-line-strong" />
            {major && (
              <text
                x={x}
                y={24}
                textAnchor={anchorOf(second)}
                className={classes('type-axis fill-ink-3', second % 10 !== 0 && 'max-lg:hidden')}
              >
                {second === 30 ? 'now' : `−${30 - second} s`}
              </text>
            )}
          </g>
        )
      })}
    </svg>
  )
}

function anchorOf(second: number): 'start' | 'middle' | 'end' {
  return second === 0 ? 'start' : second === 30 ? 'end' : 'middle'
}

/** Stops the drawing and its wires, so that one can read undisturbed, and restarts them. */
export function PauseButton({
  stopped,
  onToggle,
  className,
}: {
  stopped: boolean
  onToggle: () => void
  className?: string
}) {
  const label = stopped ? 'Resume the connections' : 'Pause the connections'
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onToggle}
      className={`grid size-7 place-items-center rounded text-ink-2 hover:bg-hover hover:text-ink max-md:size-11 ${className ?? ''}`}
    >
      <Icon name={stopped ? 'play' : 'pause'} />
    </button>
  )
}
