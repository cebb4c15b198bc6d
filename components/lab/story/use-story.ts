'use client'
import { useEffect, useState } from 'react'
import { setMode, startRun, stopRun, whyNot } from '#components/lab/runs/run-orders.ts'
import { isOver } from '#components/lab/runs/run-state.ts'
import { useRun } from '#components/lab/runs/use-run.ts'
import { useRuns } from '#components/lab/runs/use-runs.ts'
import type { Sent } from '#components/live/send-json.ts'
import type { StoryMode } from '#server/protocol/lab.ts'
import type { StoryFigures, StoryReport } from '#server/protocol/lab-report.ts'
import type { StoryOrder } from './story-words.ts'

export type Story = {
  /** The mode that is played, asked for, or looked at. */
  mode: StoryMode
  /** Of that mode; undefined where nothing was measured. */
  figures: Omit<StoryFigures, 'atMs'> | undefined
  /** Newest last; empty for a run that was over when the page came. */
  story: readonly StoryFigures[]
  /** What the run was asked for, and what came of it. */
  order: StoryOrder | undefined
  report: StoryReport | undefined
  isOn: boolean
  detail: string | undefined
  mayRun: boolean | undefined
  /** Why something that was asked for is not so, in a sentence. */
  trouble: string | undefined
  pending: boolean
  choose: (mode: StoryMode) => void
  start: (order: StoryOrder) => void
  stop: () => void
}

/** The latest story of this machine, going on or over, and how another is started. */
export function useStory(): Story {
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

  // From here on the run goes its own way again.
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
