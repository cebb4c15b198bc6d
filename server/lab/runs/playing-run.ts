import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { PrismaClient } from '#prisma/generated/client.ts'
import type { ClusterAction, StoryMode } from '#server/protocol/lab.ts'
import type { LaneSignIn, RunState } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import type { FromRun } from '#server/protocol/run-message.ts'
import { type RunChild, type RunProcess, startRunChild } from './run-child.ts'
import type { RunStreams } from './run-streams.ts'
import { endRun, isGoingOn, moveRun, type RunEnd } from './store-run.ts'
import { watchViewers } from './watch-viewers.ts'

/** What all runs of this process share. */
export type RunPhase = {
  prisma: PrismaClient
  logger: { warn(facts: object, text: string): void }
  streams: RunStreams
  /** The origins whose pages may use a run's lanes. */
  trustedOrigins: string[]
  process: RunProcess
  /** How long a run may take to end after it was asked to stop. */
  stopMs: number
  /** How long a cluster keeps running when nobody follows it. */
  unwatchedMs: number
}

const retryMs = 1_000
/** How long its process may live after reporting the outcome. */
const lastWordMs = 10_000

/** One run in progress, with its process: its events go to its stream, and its outcome to Postgres. */
export class PlayingRun {
  readonly id: string
  readonly kind: RunOrder['kind']
  /** Presented by whoever started the run, to receive what others may not. */
  readonly key = randomBytes(18).toString('base64url')
  /** The credentials for that user's page on the lanes, once these are open. */
  signIn: LaneSignIn | undefined
  /** Resolves when the run has ended and been recorded. */
  readonly over: Promise<void>
  state: RunState = 'preparing'
  readonly #isOver: () => void
  readonly #order: RunOrder
  readonly #stage: RunPhase
  #child: RunChild | undefined
  #viewers: { end(): void } | undefined
  #timer: NodeJS.Timeout | undefined
  #stopping = false
  #hurried = false
  #result: RunEnd | undefined
  #written: Promise<void> = Promise.resolve()

  constructor(id: string, order: RunOrder, stage: RunPhase) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.id = id
    this.kind = order.kind
    this.over = promise
    this.#isOver = resolve
    this.#order = order
    this.#stage = stage
  }

  /** Starts its process, once the run is stored. */
  async play(): Promise<void> {
    const { streams, process, trustedOrigins, unwatchedMs } = this.#stage
    streams.open(this.id)
    await streams.tell(this.id, { type: 'state', state: 'preparing' })
    const child = startRunChild(process, (message) => this.#hear(message))
    this.#child = child
    child.say({ type: 'play', order: this.#order, runId: this.id, trustedOrigins })
    if (this.#stopping) this.stop()
    if (this.kind === 'cluster') {
      this.#viewers = watchViewers({
        followers: () => streams.feedsOf(`lab:${this.id}`)?.followers(`lab:${this.id}`) ?? 0,
        unwatchedMs,
        onChange: (isWatched) => child.say({ type: 'watched', isWatched }),
        onForsaken: () => this.stop(),
      })
    }
    void child.ended.then((written) => this.#finish(written))
  }

  /** The run could not be stored, so it does not exist. */
  abandon(): void {
    this.#isOver()
  }

  /** Asks it to end; its process is killed when that takes too long. */
  stop(withinMs = this.#stage.stopMs): void {
    this.#stopping = true
    if (this.#child && !this.#result) this.#endWithin(withinMs)
    this.#child?.say({ type: 'stop' })
  }

  /** The same for an app that is about to exit, and cannot wait for Postgres either. */
  hurry(withinMs: number): void {
    this.#hurried = true
    this.stop(withinMs)
  }

  setMode(mode: StoryMode): void {
    this.#child?.say({ type: 'mode', mode })
  }

  /** Requests an action of the cluster. */
  act(action: ClusterAction): void {
    this.#child?.say({ type: 'action', action })
  }

  #hear(message: FromRun) {
    if (this.#result) return
    if (message.type === 'sign-in') {
      this.signIn = message.signIn
    } else if (message.type === 'outcome') {
      this.#conclude({ state: message.stopped ? 'stopped' : 'done', outcome: message.outcome })
    } else if (message.type === 'failed') {
      this.#conclude(
        this.#stopping
          ? { state: 'stopped' }
          : { state: 'failed', failure: message.reason || 'The run failed' },
      )
    } else if (message.type !== 'state' || isGoingOn(message.state)) {
      if (message.type === 'state') this.#move(message.state)
      void this.#stage.streams.tell(this.id, message)
    }
  }

  #conclude(result: RunEnd) {
    this.#result = result
    this.#endWithin(lastWordMs)
  }

  #endWithin(ms: number) {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#child?.end(), ms)
  }

  #move(state: RunState) {
    if (this.state === state) return
    this.state = state
    this.#written = this.#written
      .then(() => moveRun(this.#stage.prisma, this.id, state))
      .catch((error) => this.#warn(error, 'Could not note the state of a run'))
  }

  async #finish(written: string) {
    clearTimeout(this.#timer)
    this.#viewers?.end()
    const end = this.#result ?? this.#endOfSilence(written)
    await this.#written
    await this.#record(end)
    const detail = end.failure !== undefined && { detail: end.failure }
    await this.#stage.streams.tell(this.id, { type: 'state', state: end.state, ...detail })
    this.#stage.streams.over(this.id)
    this.#isOver()
  }

  /** Its process exited without reporting an outcome. */
  #endOfSilence(written: string): RunEnd {
    if (this.#stopping) return { state: 'stopped' }
    this.#warn(new Error(written), 'The run’s process ended early')
    return { state: 'failed', failure: 'The run’s process ended unexpectedly' }
  }

  /** Retries until it is stored, because Postgres may be unavailable. */
  async #record(end: RunEnd) {
    for (;;) {
      try {
        return await endRun(this.#stage.prisma, this.id, end)
      } catch (error) {
        this.#warn(error, 'Could not store a run')
        if (this.#hurried) return
        await pause(retryMs)
      }
    }
  }

  #warn(error: unknown, text: string) {
    this.#stage.logger.warn({ err: error, runId: this.id }, text)
  }
}
