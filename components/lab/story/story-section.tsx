'use client'

import { useState } from 'react'
import { howMeasured } from '#components/lab/report/how-measured.ts'
import { formatChosen, formatFigure, formatMs, formatShare } from '#components/lab/report/report-words.ts'
import { Section } from '#components/lab/report/section.tsx'
import { StoryTable } from '#components/lab/report/story-figures.tsx'
import { Button } from '#components/ui/button.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { formatCount, missing, onItsWay } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import { Select } from '#components/ui/select.tsx'
import { storyModes } from '#server/protocol/lab.ts'
import type { StoryFigures } from '#server/protocol/lab-report.ts'
import { StoryChart } from './story-chart.tsx'
import type { Room } from './story-scene.ts'
import { intervalChoicesMs, modeWords, pollerChoices, type StoryOrder, storyOrder } from './story-words.ts'
import { type Story, useStory } from './use-story.ts'

const usual = storyOrder(10_000, 5_000)
const options = storyModes.map((value) => ({ value, label: modeWords[value].label }))

/** The story of the database: the same polls in three modes, switched while they come, and what each asks of Postgres. */
export function StorySection() {
  const story = useStory()
  const { mode, choose, order, report, isOn, trouble } = story
  return (
    <Section title="Naive, cached, shared" note={noteOf(order)} how={howMeasured.story}>
      <div className="grid gap-x-12 gap-y-8 pt-4 lg:grid-cols-[320px_1fr]">
        <div className="min-w-0 space-y-5">
          <p className="text-ui text-ink-2 [text-wrap:pretty]">
            Ten thousand clients that ask every five seconds are two thousand polls a second, and nearly all
            of them are told that nothing is new. What that costs the database is the server’s choice: make it
            while they ask.
          </p>
          <div>
            <Choice wide label="How the server answers" options={options} value={mode} onChange={choose} />
            <p className="mt-2 min-h-10 text-ui text-ink-2">{modeWords[mode].sentence}</p>
          </div>
          <StoryNow {...story} />
          <StoryStart {...story} />
          {trouble && <Notice danger>{trouble}</Notice>}
        </div>
        <div className="min-w-0 space-y-6">
          {(isOn || story.story.length > 0 || !report) && (
            <StoryChart story={story.story} room={roomFor(order ?? usual)} isOn={isOn} />
          )}
          <StoryTable modes={report?.modes ?? newestOf(story.story)} />
        </div>
      </div>
    </Section>
  )
}

function roomFor({ pollers, pollMs, secondsEach }: StoryOrder): Room {
  return { seconds: storyModes.length * secondsEach, pollsPerSecond: (pollers * 1_000) / pollMs }
}

function noteOf(order: StoryOrder | undefined): string {
  if (!order) return 'not measured yet'
  return `${formatCount(order.pollers)} pollers, each every ${formatChosen(order.pollMs)}`
}

function newestOf(story: readonly StoryFigures[]) {
  return Object.fromEntries(story.map((figures) => [figures.mode, figures]))
}

/** What the chosen mode costs the database now, or cost it when it was measured; what else the polls met, below. */
function StoryNow({ figures, isOn }: Pick<Story, 'figures' | 'isOn'>) {
  const none = isOn ? onItsWay : missing
  return (
    <div>
      <p className="flex flex-col">
        <span className="type-label">Queries a second</span>
        <output aria-label="Queries a second" aria-live="off" className="type-figure text-[32px] leading-10">
          {figures ? formatFigure(figures.queriesPerSecond) : none}
        </output>
      </p>
      <dl className="mt-2 grid grid-cols-3 border-t border-line pt-2">
        <Small name="Polls, /s" value={figures ? formatFigure(figures.pollsPerSecond) : none} />
        <Small name="p99, ms" value={figures ? formatMs(figures.p99Ms) : none} />
        <Small name="CPU of a core" value={figures ? formatShare(figures.cpuShare) : none} />
      </dl>
    </div>
  )
}

function Small({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="type-label">{name}</dt>
      <dd className="type-data">{value}</dd>
    </div>
  )
}

/** How many poll how often, and the button that starts them; or that stops them, with what they are doing. */
function StoryStart({ isOn, detail, mayRun, pending, start, stop }: Story) {
  const [pollers, setPollers] = useState<number>(10_000)
  const [pollMs, setPollMs] = useState<number>(5_000)
  if (mayRun === false)
    return <p className="text-ui text-ink-2">Runs are started in demo mode on the machine itself.</p>
  if (isOn) {
    return (
      <div className="flex items-center justify-between gap-4">
        <p role="status" className="text-ui text-ink-2">
          {detail ?? 'It runs; the switch works while they ask.'}
        </p>
        <Button onClick={stop} pending={pending}>
          Stop
        </Button>
      </div>
    )
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select label="Pollers" value={pollers} onChange={(event) => setPollers(Number(event.target.value))}>
        {pollerChoices.map((count) => (
          <option key={count} value={count}>
            {formatCount(count)}
          </option>
        ))}
      </Select>
      <Select
        label="Each polls every"
        value={pollMs}
        onChange={(event) => setPollMs(Number(event.target.value))}
      >
        {intervalChoicesMs.map((ms) => (
          <option key={ms} value={ms}>
            {formatChosen(ms)}
          </option>
        ))}
      </Select>
      <Button
        pending={pending}
        disabled={mayRun === undefined}
        onClick={() => start(storyOrder(pollers, pollMs))}
      >
        Let them poll
      </Button>
    </div>
  )
}
