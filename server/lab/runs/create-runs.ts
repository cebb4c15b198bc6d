import type { Feeds } from '#server/log/feeds.ts'
import type { ClusterAction, StoryMode } from '#server/protocol/lab.ts'
import type { LaneSignIn, WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { PlayingRun, type RunPhase } from './playing-run.ts'
import { headOf, readRun } from './read-run.ts'
import { AnotherRunGoesOn, NoMoreRuns, RunInOtherState } from './refusals.ts'
import { createRunStreams } from './run-streams.ts'
import { failForgottenRuns, forgetOldRuns, insertRun, newRunId } from './store-run.ts'

/** The runs of the lab that this process plays: one at a time, each in a process of its own. */
export type Runs = {
  /** Starts a run and gives it as it stands then, and the key to its lanes. Throws `AnotherRunGoesOn`. */
  start(order: RunOrder): Promise<{ run: WireRun; key: string }>
  /** The key of a running run, and what it opens; undefined for any other, and before its lanes are open. */
  lanesOf(id: string): { key: string; signIn: LaneSignIn } | undefined
  /** Asks a run to come to its end, as often as you like. Throws `RunInOtherState` when it has ended. */
  stop(id: string): Promise<void>
  /** Changes how the polled server of a story answers. Throws `RunInOtherState` for any other run. */
  setMode(id: string, mode: StoryMode): Promise<void>
  /** Asks something of a running cluster, which tells on its stream what came of it. Throws `RunInOtherState` for any other run. */
  act(id: string, action: ClusterAction): Promise<void>
  /** With the cursor of its stream while it runs. Throws `RunNotFound`. */
  read(id: string): Promise<WireRun>
  /** What the stream `lab:<id>` of a run of this process is read from; undefined when there is none (any more). */
  feedsOf(stream: string): Feeds | undefined
  /** Marks as failed what went on when the app died. Before the first start. */
  recover(): Promise<void>
  /** Stops what is running, and resolves when it has been recorded; nothing is started any more. */
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
    // Before anything is waited for: a second click must find it.
    current = { run, number: inserted.then((row) => row.number) }
    void run.over.then(() => {
      current = undefined
    })
    // Who asked for the run is told below; this promise is for those who come meanwhile, if anybody does.
    current.number.catch(() => run.abandon())
    const row = await inserted
    await run.play()
    await forgetOldRuns(prisma).catch((error: unknown) => logger.warn({ err: error }, 'Kept too many runs'))
    return { run: await withCursor(headOf(row)), key: run.key }
  }

  /** The run of this id while it runs. Throws `RunNotFound`, and `RunInOtherState` when it has ended. */
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
