import type { StoryMode } from '#server/protocol/lab.ts'
import type { StoryFigures } from '#server/protocol/lab-report.ts'

/** A span of the run in one mode, as fractions of the width. */
type ModeSpan = { mode: StoryMode; from: number; to: number }

/** A story's chart: steps in a box of 100 by 100, as SVG paths, and the value of its full height. */
export type StoryScene = {
  queries: string
  polls: string
  spans: readonly ModeSpan[]
  /** Per second, at the top. */
  top: number
  seconds: number
}

/** The minimum range of a chart: a duration, and polls per second. */
export type Room = { seconds: number; pollsPerSecond: number }

/** Each figure holds for the time since the previous one. */
export function storyScene(story: readonly StoryFigures[], room: Room): StoryScene {
  const endMs = Math.max(room.seconds * 1_000, story.at(-1)?.atMs ?? 0)
  const top = roundUp(
    Math.max(
      room.pollsPerSecond,
      ...story.flatMap(({ queriesPerSecond, pollsPerSecond }) => [queriesPerSecond, pollsPerSecond]),
    ),
  )
  const steps = story.map((figures, at) => ({
    ...figures,
    from: (story[at - 1]?.atMs ?? 0) / endMs,
    to: figures.atMs / endMs,
  }))
  const path = (value: (figures: StoryFigures) => number) =>
    steps
      .map((step, at) => {
        const y = round(100 - (100 * value(step)) / top)
        return `${at === 0 ? `M${round(step.from * 100)} ${y}` : `V${y}`}H${round(step.to * 100)}`
      })
      .join('')
  const spans: ModeSpan[] = []
  for (const { mode, from, to } of steps) {
    const last = spans.at(-1)
    if (last?.mode === mode) last.to = to
    else spans.push({ mode, from, to })
  }
  return {
    queries: path(({ queriesPerSecond }) => queriesPerSecond),
    polls: path(({ pollsPerSecond }) => pollsPerSecond),
    ...{ spans, top, seconds: endMs / 1_000 },
  }
}

/** The next round number whose half is round too. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8].find((step) => step * power >= value) ?? 10) * power
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
