import { setTimeout as pause } from 'node:timers/promises'
import { connectionsAllowed } from '#server/lab/testbed/child.ts'
import type { StoryMode } from '#server/protocol/lab.ts'
import type { StoryReport } from '#server/protocol/lab-report.ts'
import type { RunEvent } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { figuresBetween, type StorySetup, stageStory } from './stage-story.ts'

type StoryOrder = Extract<RunOrder, { kind: 'story' }>

type Playing = {
  runId: string
  tell: (event: RunEvent) => void
  /** On abort the story throws. */
  signal: AbortSignal
  /** The modes, as they are requested. */
  modes: { onMode(listener: (mode: StoryMode) => void): void }
}

const secondMs = 1_000

/**
 * Lets a crowd poll one server in each mode that this machine can run, each for its time, and counts the queries to its
 * database. A requested mode is played at once; the story ends when each has been played completely.
 */
export async function playStory(
  { pollers: wanted, pollMs, secondsEach }: StoryOrder,
  { runId, tell, signal, modes }: Playing,
): Promise<StoryReport> {
  const pollers = Math.min(wanted, connectionsAllowed())
  tell({ type: 'state', state: 'preparing', detail: 'Starting Postgres, the servers and the pollers' })
  const played: Partial<StoryReport['modes']> = {}
  let asked: StoryMode | undefined
  let turn = new AbortController()
  modes.onMode((mode) => {
    asked = mode
    turn.abort()
  })
  const stage = await stageStory(runId, pollers, pollMs)
  const over = new AbortController()
  const changing = changeEvery(stage, changeEveryMs(pollMs, secondsEach), over.signal)
  try {
    tell({ type: 'state', state: 'running', ...startOf(pollers, wanted, stage.modes) })
    const startedAt = performance.now()
    for (;;) {
      const mode = stage.modes.find((name) => name === asked) ?? stage.modes.find((name) => !played[name])
      asked = undefined
      if (!mode) break
      turn = new AbortController()
      const figures = await playMode(mode, turn.signal)
      if (figures) played[mode] = { mode, ...figures }
    }

    async function playMode(mode: StoryMode, left: AbortSignal) {
      stage.play(mode)
      let last = await stage.read(mode)
      let half = last
      const endMs = last.atMs + secondsEach * secondMs
      while (last.atMs < endMs && !left.aborted) {
        await pause(Math.min(secondMs, endMs - last.atMs + 1), undefined, {
          signal: AbortSignal.any([signal, left]),
        }).catch(() => signal.throwIfAborted())
        const now = await stage.read(mode)
        const atMs = now.atMs - startedAt
        tell({ type: 'story', figures: { mode, atMs, ...figuresBetween(last, now) } })
        if (now.atMs <= endMs - (secondsEach * secondMs) / 2) half = now
        last = now
      }
      return left.aborted ? undefined : figuresBetween(half, last)
    }
  } finally {
    over.abort()
    await changing
    await stage.close()
  }
  return { pollers, pollMs, modes: played as StoryReport['modes'] }
}

function startOf(pollers: number, wanted: number, modes: readonly StoryMode[]) {
  const startedAt = new Date().toISOString()
  const less = [
    ...(pollers === wanted
      ? []
      : [`${pollers} of ${wanted} pollers: this machine doesn’t allow more connections`]),
    ...(modes.includes('redis') ? [] : ['Without the Redis mode: this machine has no redis-server']),
  ]
  return { startedAt, ...(less.length > 0 && { detail: less.join('. ') }) }
}

/** Something changes for every other round of polls, and at least once in each half of a mode. */
function changeEveryMs(pollMs: number, secondsEach: number): number {
  return Math.min(2 * pollMs, (secondsEach * secondMs) / 2)
}

async function changeEvery(stage: StorySetup, ms: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(ms, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    await stage.change()
  }
}
