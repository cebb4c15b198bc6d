import { formatFigure } from '#components/lab/report/report-words.ts'
import type { StoryMode } from '#server/protocol/lab.ts'
import type { StoryFigures } from '#server/protocol/lab-report.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { type Room, type StoryScene, storyScene } from './story-scene.ts'

type ChartProps = { story: readonly StoryFigures[]; room: Room; isOn: boolean }

/** Queries per second as steps, above them the polls that caused them, over the spans of the modes. */
export function StoryChart({ story, room, isOn }: ChartProps) {
  const scene = storyScene(story, room)
  return (
    <figure className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 text-ui">
        <span className="font-semibold">Queries per second</span>
        <span className="type-label flex items-center gap-2">
          <svg aria-hidden="true" viewBox="0 0 24 2" className="h-0.5 w-6 overflow-visible">
            <path d="M0 1H24" className="stroke-ink-3" strokeWidth="1.5" strokeDasharray="1.5 3" />
          </svg>
          polls per second
        </span>
      </figcaption>
      <div className="mt-2 grid grid-cols-[1fr_56px] gap-x-2">
        <Plot
          scene={scene}
          label={spoken(story)}
          said={story.length > 0 || isOn ? undefined : 'not measured yet'}
        />
        <Scale top={scene.top} />
        <p className="type-axis flex justify-between pt-1 text-ink-3">
          <span>0 s</span>
          <span>{Math.round(scene.seconds)} s</span>
        </p>
      </div>
    </figure>
  )
}

type PlotProps = { scene: StoryScene; label: string; said: string | undefined }

function Plot({ scene: { queries, polls, spans }, label, said }: PlotProps) {
  return (
    <div className="relative h-44 border-y border-line">
      {spans.map(({ mode, from, to }) => (
        <span
          key={from}
          className="type-axis absolute inset-y-0 overflow-hidden border-l border-dotted border-line-strong pt-1 pl-1.5 text-ink-3"
          style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
        >
          {modeWords[mode].label}
        </span>
      ))}
      <svg
        role="img"
        aria-label={label}
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        className="absolute inset-0 size-full overflow-visible fill-none"
      >
        <path d="M0 50H100" className="stroke-line" vectorEffect="non-scaling-stroke" />
        <path
          d={polls}
          className="stroke-ink-3"
          strokeWidth="1.5"
          strokeDasharray="1.5 3"
          vectorEffect="non-scaling-stroke"
        />
        <path d={queries} className="stroke-ink" strokeWidth="2" vectorEffect="non-scaling-stroke" />
      </svg>
      {said && <p className="type-label absolute inset-x-0 top-1/4 text-center">{said}</p>}
    </div>
  )
}

function Scale({ top }: { top: number }) {
  return (
    <div aria-hidden className="type-axis flex h-44 flex-col justify-between text-right text-ink-3">
      {[top, top / 2, 0].map((value) => (
        <span key={value} className="leading-none">
          {value === 0 ? '0' : formatFigure(value)}
        </span>
      ))}
    </div>
  )
}

function spoken(story: readonly StoryFigures[]): string {
  const latest = story.at(-1)
  if (!latest) return 'Queries per second over the run: no data yet'
  const { mode, queriesPerSecond, pollsPerSecond } = latest
  return `Queries per second over the run; now ${modeWords[mode].label.toLowerCase()}: ${formatFigure(queriesPerSecond)}, of ${formatFigure(pollsPerSecond)} polls`
}

export type StoryOrder = Extract<RunOrder, { kind: 'story' }>

/** The label of each mode, and how its server handles a poll. */
export const modeWords = {
  naive: {
    label: 'Naive',
    sentence: 'Every poll is a query, whether or not anything changed.',
  },
  cached: {
    label: 'Cached',
    sentence: 'An ETag in memory answers until something changes. Then every client’s next poll is a query.',
  },
  redis: {
    label: 'Redis',
    sentence:
      'Every poll is a command to Redis, and two or three after a change. The database is asked once per change.',
  },
  shared: {
    label: 'Shared',
    sentence:
      'One read per change, however many clients poll. This is how the app works; the remaining queries are its own checks.',
  },
} as const satisfies Record<StoryMode, { label: string; sentence: string }>

export const pollerChoices = [200, 1_000, 10_000] as const
export const intervalChoicesMs = [1_000, 5_000] as const

/** Each mode lasts four rounds of polls, so that its second half sees one with a change and one without. */
export function storyOrder(pollers: number, pollMs: number): StoryOrder {
  return { kind: 'story', pollers, pollMs, secondsEach: Math.max(8, (4 * pollMs) / 1_000) }
}
