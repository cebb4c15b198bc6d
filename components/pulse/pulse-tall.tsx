'use client'
import { laneKinds } from '#components/lane/lane-kind.ts'
import { figureWords, noFigureWords } from './figure-words.ts'
import { PauseButton } from './pause-button.tsx'
import { Plot, type PlotShape } from './plot.tsx'
import { hollowLanes, type Pulse } from './use-pulse.ts'
import { WireNote } from './wire-note.tsx'
import { wireWords } from './wire-words.ts'

const gutter = 14
const columnOf = (n: number) => `${gutter + ((100 - gutter) / 4) * (n + 0.5)}%`
const shape: PlotShape = {
  axis: 'y',
  log: `${gutter + 2}%`,
  lanes: { short: columnOf(0), long: columnOf(1), sse: columnOf(2), ws: columnOf(3) },
}
const sixths = [0, 1, 2, 3, 4, 5, 6]

/** The drawing on a phone: time runs down and the four wires stand side by side. */
export function PulseTall({ pulse }: { pulse: Pulse }) {
  const { scene, baseMs, stopped, toggle, figures, troubles } = pulse
  const trouble = troubles.short ?? troubles.long ?? troubles.sse ?? troubles.ws
  const hollow = hollowLanes(pulse)
  return (
    <div className="md:hidden">
      <div className="tall-grid items-end pb-2 text-ui">
        <h2 className="text-ink-3">The log</h2>
        {laneKinds.map((kind) => (
          <h3 key={kind} className="text-center font-semibold">
            {wireWords[kind].short}
          </h3>
        ))}
      </div>
      <div className="relative h-[440px]">
        <svg className="absolute inset-0 size-full" aria-hidden>
          {sixths.map((n) => (
            <line
              key={n}
              x1={`${gutter + 2}%`}
              x2="100%"
              y1={`${(n / 6) * 100}%`}
              y2={`${(n / 6) * 100}%`}
              className="stroke-line"
            />
          ))}
        </svg>
        <Plot
          shape={shape}
          scene={scene}
          baseMs={baseMs}
          still={stopped}
          hollow={hollow}
          className="absolute inset-0 size-full"
        />
      </div>
      <div className="tall-grid type-data mt-3 border-t border-line-strong pt-2.5">
        <span className="font-sans text-ui text-ink-3">wait</span>
        {laneKinds.map((kind) => (
          <span key={kind} className="text-center">
            <span className="sr-only">{wireWords[kind].short} </span>
            {hollow.includes(kind) ? noFigureWords.wait : figureWords(figures?.[kind]).wait}
          </span>
        ))}
      </div>
      <div className="flex items-center justify-between">
        {trouble ? (
          <WireNote kind="short" trouble={trouble} />
        ) : (
          <p className="type-label">The last 30 s, down to now; the wait is the median.</p>
        )}
        <PauseButton stopped={stopped} onToggle={toggle} className="-mr-3" />
      </div>
    </div>
  )
}
