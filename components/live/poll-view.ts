import type { Problem } from '#server/protocol/problems.ts'
import type { PollStep } from './clients/client.ts'

/**
 * What the wire is doing now. `live`: a request is held open; `offline`: no answer came at all;
 * `backing-off`: the server answered that it cannot; `refused`: it will not.
 */
export type PollState =
  | 'asking'
  | 'live'
  | 'waiting'
  | 'backing-off'
  | 'offline'
  | 'paused'
  | 'ended'
  | 'signed-out'
  | 'refused'

/** What a page shows of a poll. Times are epoch ms. */
export type PollView<T> = {
  value: T | undefined
  /** When `value` came. */
  seenAtMs: number | undefined
  state: PollState
  /** When the last ask went out. */
  askedAtMs: number | undefined
  nextAskAtMs: number | undefined
  /** The server's last advice; kept while asking, so that a scale drawn from it does not jump. */
  adviceMs: number | undefined
  /** Since when asks have failed without an answer. */
  offlineSinceMs: number | undefined
  /** The refusal in force, with its `requestId`; gone with the next good answer. */
  lastError: Problem | undefined
  /** The last time the stream began anew because the log had moved on. */
  resetAtMs: number | undefined
}

export function firstView<T>(value?: T): PollView<T> {
  return {
    value,
    seenAtMs: undefined,
    state: 'asking',
    askedAtMs: undefined,
    nextAskAtMs: undefined,
    adviceMs: undefined,
    offlineSinceMs: undefined,
    lastError: undefined,
    resetAtMs: undefined,
  }
}

/** The view after one more step. */
export function viewAfter<T>(view: PollView<T>, step: PollStep<T>, nowMs: number): PollView<T> {
  const answered = { ...view, lastError: undefined, offlineSinceMs: undefined, nextAskAtMs: undefined }
  switch (step.type) {
    case 'paused':
      return { ...view, state: 'paused', nextAskAtMs: undefined }
    case 'asking':
      // A retry must not make the page say that all is well: the trouble stands until an answer comes.
      return {
        ...view,
        state: troubled(view) ?? (step.held ? 'live' : 'asking'),
        askedAtMs: nowMs,
        nextAskAtMs: undefined,
      }
    case 'changed':
      return { ...answered, value: step.value, seenAtMs: nowMs, adviceMs: step.adviceMs ?? view.adviceMs }
    case 'not-modified':
      return { ...answered, adviceMs: step.adviceMs ?? view.adviceMs }
    case 'waiting':
      return { ...answered, state: 'waiting', adviceMs: step.adviceMs, nextAskAtMs: step.nextAskAtMs }
    case 'failed':
      return step.problem
        ? { ...answered, state: 'backing-off', lastError: step.problem, nextAskAtMs: step.nextAskAtMs }
        : {
            ...view,
            state: 'offline',
            offlineSinceMs: view.offlineSinceMs ?? nowMs,
            nextAskAtMs: step.nextAskAtMs,
          }
    case 'reset':
      return { ...answered, resetAtMs: nowMs }
    case 'ended':
      return { ...answered, state: 'ended' }
    case 'signed-out':
    case 'refused':
      return { ...answered, state: step.type, lastError: step.problem }
  }
}

function troubled<T>({ offlineSinceMs, lastError }: PollView<T>): PollState | undefined {
  if (offlineSinceMs !== undefined) return 'offline'
  return lastError && 'backing-off'
}
