'use client'
import { howMeasured } from '#components/lab/report/how-measured.ts'
import { formatChosen } from '#components/lab/report/report-words.ts'
import { Section } from '#components/lab/report/section.tsx'
import { StoryTable } from '#components/lab/report/story-figures.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import { storyModes } from '#server/protocol/lab.ts'
import type { StoryFigures } from '#server/protocol/lab-report.ts'
import { StoryChart } from './story-chart.tsx'
import { StoryNow } from './story-now.tsx'
import type { Room } from './story-scene.ts'
import { StoryStart } from './story-start.tsx'
import { modeWords, type StoryOrder, storyOrder } from './story-words.ts'
import { useStory } from './use-story.ts'

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
