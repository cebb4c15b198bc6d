import { laneNames } from '#components/lab/report/report-words.ts'
import { Lane } from '#components/lane/lane.tsx'
import { laneInk, lanes } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'
import { formatCount, formatDuration, missing } from '#components/ui/format.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'
import { ScopeCanvas } from './scope-canvas.tsx'
import { wideHeight, wideRows } from './scope-shape.ts'
import type { LaneFigures, ScopeFigures, ScopeView } from './scope-view.ts'

type Props = { scope: ScopeView | undefined; scenario: Scenario; figures: ScopeFigures | undefined }

const columns = ['received', 'lost', 'duplicates', 'waiting'] as const

/** On wide screens time runs to the right, between the lanes' names and figures. */
export function ScopeWide({ scope, scenario, figures }: Props) {
  return (
    <div className="relative max-md:hidden" style={{ height: wideHeight }}>
      <div className="home-grid border-b border-line-strong" style={{ height: wideRows.log }}>
        <div className="flex items-baseline gap-3 self-end pb-2">
          <h2 className="type-section">The log</h2>
          <span className="type-label">
            {figures?.followed === undefined ? 'last 15 s' : <Followed seq={figures.followed} />}
          </span>
        </div>
        <div />
        <div aria-hidden className="lab-figures type-label self-end pb-2 text-right">
          {columns.map((column) => (
            <span key={column}>{column}</span>
          ))}
        </div>
      </div>
      {deliveryNames.map((lane) => (
        <LaneRow key={lane} {...{ lane, scenario }} figures={figures?.lanes[lane]} />
      ))}
      <TimeScale />
      <div
        aria-hidden
        className="home-plot pointer-events-none absolute top-6 border-r-2 border-ink"
        style={{ bottom: wideRows.axis }}
      />
      <ScopeCanvas axis="x" {...{ scope, figures }} className="home-plot absolute inset-y-0 cursor-pointer" />
    </div>
  )
}

function Followed({ seq }: { seq: number }) {
  return (
    <>
      entry <span className="font-mono">{formatCount(seq)}</span> marked on every lane
    </>
  )
}

function LaneRow({
  lane,
  scenario,
  figures,
}: {
  lane: DeliveryName
  scenario: Scenario
  figures?: LaneFigures
}) {
  const { kind } = laneNames[lane]
  return (
    <div
      role="group"
      aria-label={lanes[kind].name}
      className="home-grid border-b border-line last-of-type:border-line-strong"
      style={{ height: wideRows.lane }}
    >
      <div className="flex gap-3 self-center">
        <Lane kind={kind} width={36} className="mt-0.5" />
        <div className="min-w-0 pr-4">
          <h3 className="text-[14px] leading-5 font-semibold font-stretch-[94%]">{lanes[kind].name}</h3>
          <p className="type-label truncate">{laneWords(lane, scenario)}</p>
        </div>
      </div>
      <div />
      <div className="lab-figures self-center text-right font-mono text-ui">
        <Figure name="received">{figures?.received}</Figure>
        <Figure name="lost" className={figures && figures.lost > 0 ? 'font-semibold text-danger' : ''}>
          {figures?.lost}
        </Figure>
        <Figure
          name="duplicates"
          className={figures && figures.repeated > 0 ? 'font-semibold text-danger' : ''}
        >
          {figures?.repeated}
        </Figure>
        <Figure name="waiting" className={figures && figures.waiting > 0 ? laneInk[kind] : ''}>
          {figures?.waiting}
        </Figure>
      </div>
    </div>
  )
}

function Figure({ name, className, children }: { name: string; className?: string; children?: number }) {
  return (
    <span className={classes(className)}>
      <span className="sr-only">{name} </span>
      {children === undefined ? missing : formatCount(children)}
    </span>
  )
}

const seconds = Array.from({ length: 16 }, (_, second) => second)

/** From 15 s ago to now. */
function TimeScale() {
  return (
    <div className="home-grid">
      <div />
      <svg className="h-7 w-full overflow-visible" aria-hidden>
        {seconds.map((second) => {
          const isMajor = second % 5 === 0
          const x = `${(second / 15) * 100}%`
          return (
            <g key={second}>
              <line x1={x} x2={x} y1={0} y2={isMajor ? 8 : 4} className="stroke-line-strong" />
              {isMajor && (
                <text
                  x={x}
                  y={22}
                  textAnchor={second === 0 ? 'start' : second === 15 ? 'end' : 'middle'}
                  className="type-axis fill-ink-3"
                >
                  {second === 15 ? 'now' : `−${15 - second} s`}
                </text>
              )}
            </g>
          )
        })}
      </svg>
      <div />
    </div>
  )
}

/** Who is on a lane, and how it polls: `you and 50 clients, every 5 s`. */
function laneWords(lane: DeliveryName, { clients, pollMs }: Scenario): string {
  const crowd = clients[lane]
  const others = crowd === 1 ? '1 client' : `${formatCount(crowd)} clients`
  return `${crowd === 0 ? 'only you' : `you and ${others}`}, ${laneBehavior[lane](pollMs)}`
}

const laneBehavior: Record<DeliveryName, (pollMs: number) => string> = {
  short: (pollMs) => `every ${formatDuration(pollMs)}`,
  long: () => 'held up to 25 s',
  sse: () => 'heartbeat every 15 s',
  socket: () => 'ping every 25 s',
}
