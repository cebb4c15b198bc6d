'use client'

import { useEffect, useState } from 'react'
import { howMeasured } from '#components/lab/report/how-measured.ts'
import { formatChosen, formatFigure, formatMs, formatShare } from '#components/lab/report/report-words.ts'
import { Section } from '#components/lab/report/section.tsx'
import { StoryTable } from '#components/lab/report/story-figures.tsx'
import { setMode, startRun, stopRun, whyNot } from '#components/lab/runs/run-orders.ts'
import { isOver } from '#components/lab/runs/run-state.ts'
import { useRun } from '#components/lab/runs/use-run.ts'
import { useRuns } from '#components/lab/runs/use-runs.ts'
import type { Sent } from '#components/live/send-json.ts'
import { Button } from '#components/ui/button.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { Select } from '#components/ui/field.tsx'
import { formatCount, missing, onItsWay } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import { type StoryMode, storyModes } from '#server/protocol/lab.ts'
import type { StoryFigures, StoryReport } from '#server/protocol/lab-report.ts'
import {
  intervalChoicesMs,
  modeWords,
  pollerChoices,
  StoryChart,
  type StoryOrder,
  storyOrder,
} from './story-chart.tsx'
import type { Room } from './story-scene.ts'

const usual = storyOrder(10_000, 5_000)
const options = storyModes.map((value) => ({ value, label: modeWords[value].label }))

/** The database story: the same polls in four modes, switched live, and what each costs Postgres. */
export function StorySection() {
  const story = useStory()
  const { mode, choose, order, report, isOn, trouble } = story
  return (
    <Section title="Naive, cached, Redis, shared" note={noteOf(order)} how={howMeasured.story}>
      <div className="grid gap-x-12 gap-y-8 pt-4 lg:grid-cols-[320px_1fr]">
        <div className="min-w-0 space-y-5">
          <p className="text-ui text-ink-2 [text-wrap:pretty]">
            Ten thousand clients that poll every five seconds send two thousand polls per second, and nearly
            all of them find nothing new. What that costs the database depends on how the server answers.
            Switch modes while they poll.
          </p>
          <div>
            <Choice wide label="Server mode" options={options} value={mode} onChange={choose} />
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
  return `${formatCount(order.pollers)} pollers, each polling every ${formatChosen(order.pollMs)}`
}

function newestOf(story: readonly StoryFigures[]) {
  return Object.fromEntries(story.map((figures) => [figures.mode, figures]))
}

/** What the chosen mode costs the database now, or cost when it was measured; below, how else the polls fared. */
function StoryNow({ figures, isOn }: Pick<Story, 'figures' | 'isOn'>) {
  const none = isOn ? onItsWay : missing
  return (
    <div>
      <p className="flex flex-col">
        <span className="type-label">Queries per second</span>
        <output
          aria-label="Queries per second"
          aria-live="off"
          className="type-figure text-[32px] leading-10"
        >
          {figures ? formatFigure(figures.queriesPerSecond) : none}
        </output>
      </p>
      <dl className="mt-2 grid grid-cols-3 border-t border-line pt-2">
        <Small name="Polls, /s" value={figures ? formatFigure(figures.pollsPerSecond) : none} />
        <Small name="p99, ms" value={figures ? formatMs(figures.p99Ms) : none} />
        <Small name="CPU, % of a core" value={figures ? formatShare(figures.cpuShare) : none} />
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

/** How many clients poll how often, and the button that starts them, or stops them and says what they are doing. */
function StoryStart({ isOn, detail, mayRun, pending, start, stop }: Story) {
  const [pollers, setPollers] = useState<number>(10_000)
  const [pollMs, setPollMs] = useState<number>(5_000)
  if (mayRun === false)
    return (
      <p className="text-ui text-ink-2">
        Runs can only be started in demo mode, on the server’s machine, when one process has all roles.
      </p>
    )
  if (isOn) {
    return (
      <div className="flex items-center justify-between gap-4">
        <p role="status" className="text-ui text-ink-2">
          {detail ?? 'Running. You can switch modes at any time.'}
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
      <Select label="Poll every" value={pollMs} onChange={(event) => setPollMs(Number(event.target.value))}>
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
        Start polling
      </Button>
    </div>
  )
}

type Story = {
  /** The mode that is playing, requested, or selected. */
  mode: StoryMode
  /** That mode's figures; undefined where nothing was measured. */
  figures: Omit<StoryFigures, 'atMs'> | undefined
  /** Newest last; empty for a run that was over when the page was opened. */
  story: readonly StoryFigures[]
  /** The order of the run, and its report. */
  order: StoryOrder | undefined
  report: StoryReport | undefined
  isOn: boolean
  detail: string | undefined
  mayRun: boolean | undefined
  /** Why a request was not carried out, in a sentence. */
  trouble: string | undefined
  pending: boolean
  choose: (mode: StoryMode) => void
  start: (order: StoryOrder) => void
  stop: () => void
}

/** This machine's latest story, under way or over, and how to start another. */
function useStory(): Story {
  const runs = useRuns()
  const [started, setStarted] = useState<string>()
  const [asked, setAsked] = useState<StoryMode>()
  const [trouble, setTrouble] = useState<string>()
  const [pending, setPending] = useState(false)
  const id = started ?? runs.items?.find(({ order }) => order.kind === 'story')?.id
  const followed = useRun(id)
  const { run, state, detail, story } = followed
  const isOn = state !== undefined && !isOver(state)
  const latest = story.at(-1)
  const report = run?.outcome?.kind === 'story' ? run.outcome.report : undefined
  const mode = asked ?? (isOn ? latest?.mode : undefined) ?? 'naive'

  // From here on the run switches modes by itself again.
  const isPlayed = isOn && asked !== undefined && latest?.mode === asked
  useEffect(() => {
    if (isPlayed) setAsked(undefined)
  }, [isPlayed])

  async function send<T>(sending: Promise<Sent<T>>): Promise<Sent<T>> {
    setPending(true)
    setTrouble(undefined)
    const sent = await sending
    setPending(false)
    if (sent.state !== 'done') setTrouble(whyNot(sent))
    return sent
  }

  return {
    ...{ mode, story, report, isOn, detail, pending },
    figures: isOn ? (latest?.mode === mode ? latest : undefined) : report?.modes[mode],
    order: run?.order.kind === 'story' ? run.order : undefined,
    mayRun: runs.items && runs.mayRun,
    trouble: trouble ?? followed.trouble ?? runs.trouble,
    choose(next) {
      setAsked(next)
      if (isOn && id) void send(setMode(id, next))
    },
    start(order) {
      void send(startRun(order)).then((sent) => {
        if (sent.state !== 'done') return
        setStarted(sent.value.id)
        if (asked) void setMode(sent.value.id, asked)
      })
    },
    stop: () => void (id && send(stopRun(id))),
  }
}
