import type { Feeds } from '#server/log/feeds.ts'
import type { ClusterAction, StoryMode } from '#server/protocol/lab.ts'
import type { LaneSignIn, WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { PlayingRun, type RunPhase } from './playing-run.ts'
import { headOf, readRun } from './read-run.ts'
import { AnotherRunGoesOn, NoMoreRuns, RunInOtherState } from './refusals.ts'
import { createRunStreams } from './run-streams.ts'
import { failForgottenRuns, forgetOldRuns, insertRun, newRunId } from './store-run.ts'

/** The lab runs of this process: one at a time, each in a process of its own. */
export type Runs = {
  /** Starts a run; returns its current state, and the key to its lanes. Throws `AnotherRunGoesOn`. */
  start(order: RunOrder): Promise<{ run: WireRun; key: string }>
  /**
   * The key of a running run, and the credentials that it grants; undefined for any other, and before its lanes are
   * open.
   */
  lanesOf(id: string): { key: string; signIn: LaneSignIn } | undefined
  /** Asks a run to end; may be repeated. Throws `RunInOtherState` when it has ended. */
  stop(id: string): Promise<void>
  /** Switches the story's polled server to a mode. Throws `RunInOtherState` for any other run. */
  setMode(id: string, mode: StoryMode): Promise<void>
  /**
   * Requests an action of a running cluster, which reports the outcome on its stream. Throws `RunInOtherState` for any
   * other run.
   */
  act(id: string, action: ClusterAction): Promise<void>
  /** A run, with the cursor of its stream while it is running. Throws `RunNotFound`. */
  read(id: string): Promise<WireRun>
  /**
   * The feeds to read the stream `lab:<id>` from, for runs of this process; undefined when there is none (any more).
   */
  feedsOf(stream: string): Feeds | undefined
  /** Marks runs as failed that were in progress when the app died. Call it before the first start. */
  recover(): Promise<void>
  /** Stops the run in progress, and resolves when it has been recorded; no run starts after that. */
  drain(withinMs: number): Promise<void>
  close(): void
}

type Options = Omit<RunPhase, 'streams' | 'stopMs' | 'unwatchedMs'> & {
  stopMs?: number
  unwatchedMs?: number
}

export function createRuns({ stopMs = 60_000, unwatchedMs = 600_000, ...parts }: Options): Runs {
  const { prisma, logger } = parts
  const streams = createRunStreams()
  const stage: RunPhase = { ...parts, streams, stopMs, unwatchedMs }
  let current: { run: PlayingRun; number: Promise<number> } | undefined
  let draining = false

  async function start(order: RunOrder): Promise<{ run: WireRun; key: string }> {
    if (draining) throw new NoMoreRuns('This node is shutting down')
    if (current) throw new AnotherRunGoesOn(current.run.id, await current.number)
    const id = newRunId()
    const inserted = insertRun(prisma, id, order)
    const run = new PlayingRun(id, order, stage)
    // Set before the first await: a second click must find it.
    current = { run, number: inserted.then((row) => row.number) }
    void run.over.then(() => {
      current = undefined
    })
    // `await inserted` below rejects for the caller; this promise is for concurrent callers, of which there may be
    // none.
    current.number.catch(() => run.abandon())
    const row = await inserted
    await run.play()
    await forgetOldRuns(prisma).catch((error: unknown) => logger.warn({ err: error }, 'Kept too many runs'))
    return { run: await withCursor(headOf(row)), key: run.key }
  }

  /** The run with this id while it is in progress. Throws `RunNotFound`, and `RunInOtherState` when it has ended. */
  async function goingOn(id: string): Promise<PlayingRun> {
    if (current?.run.id === id) return current.run
    const { state } = await readRun(prisma, id)
    throw new RunInOtherState('The run has ended', state)
  }

  async function withCursor(run: WireRun): Promise<WireRun> {
    const cursor = run.endedAt === null ? await streams.cursorOf(run.id) : undefined
    return cursor === undefined ? run : { ...run, cursor }
  }

  return {
    start,
    lanesOf(id) {
      if (current?.run.id !== id || !current.run.signIn) return undefined
      return { key: current.run.key, signIn: current.run.signIn }
    },
    async stop(id) {
      const run = await goingOn(id)
      run.stop()
    },
    async setMode(id, mode) {
      const run = await goingOn(id)
      if (run.kind !== 'story') throw new RunInOtherState('Only the database story has modes', run.state)
      run.setMode(mode)
    },
    async act(id, action) {
      const run = await goingOn(id)
      if (run.kind !== 'cluster' || run.state !== 'running') {
        throw new RunInOtherState('Only a cluster that is running takes actions', run.state)
      }
      run.act(action)
    },
    read: async (id) => withCursor(await readRun(prisma, id)),
    feedsOf: streams.feedsOf,
    recover: () => failForgottenRuns(prisma),
    async drain(withinMs) {
      draining = true
      current?.run.hurry(withinMs)
      await current?.run.over
    },
    close: streams.close,
  }
}
