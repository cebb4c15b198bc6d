import type { Problem } from '#server/protocol/problems.ts'
import type { StreamState } from './stream-view.ts'

/**
 * What the line is doing now. `idle`: nobody needs it; `fallback`: no socket can be had, and all goes over event
 * streams and HTTP; `offline`: no answer comes at all; `backing-off`: the server answered that it cannot; `refused`:
 * it will not.
 */
export type LineState = StreamState | 'idle'

/**
 * Why there is no socket: something on the way refuses the upgrade while polls are answered, or cuts each connection
 * at once.
 */
export type LineFallback = 'refused-upgrade' | 'cut-at-once'

/** What a page shows of the line. Times are epoch ms. */
export type LineView = {
  state: LineState
  /** Since when nothing has come in, once that is known to be so. */
  offlineSinceMs: number | undefined
  nextTryAtMs: number | undefined
  /** Since when there has been no connection. */
  awaySinceMs: number | undefined
  /** How long it was away before it came back the last time. */
  missedForMs: number | undefined
  /** The entries that were missed: how many have come, of how many; stays until the next time. */
  caughtUp: { done: number; of: number } | undefined
  fallbackReason: LineFallback | undefined
  /** The refusal in force; gone with the next good answer. */
  lastError: Problem | undefined
  /** Of the acknowledged commands of this page: the last, and the percentiles of the latest. */
  ackMs: number | undefined
  ackP50Ms: number | undefined
  ackP99Ms: number | undefined
  /** How often a connection has been opened after one that was lost. */
  reconnects: number
  /** There has been a connection since somebody needs one. */
  hasBeenOpen: boolean
}

/** What the line goes through. */
export type LineStep =
  | { type: 'idle' }
  | { type: 'paused' }
  | { type: 'opening' }
  /** The connection stands; what was missed comes now. */
  | { type: 'opened' }
  | { type: 'caught-up'; done: number; of: number }
  | { type: 'acknowledged'; ackMs: number; ackP50Ms: number; ackP99Ms: number }
  /** The connection has ended, by the server's word or without it. */
  | { type: 'ended'; nextTryAtMs: number }
  | { type: 'failed'; problem?: Problem; nextTryAtMs: number }
  | { type: 'fallback'; why: LineFallback; socketAtMs: number }
  /** In the fallback: whether anything is answered there. */
  | { type: 'unreachable'; nextTryAtMs: number | undefined }
  | { type: 'reachable' }
  | { type: 'signed-out'; problem?: Problem }
  | { type: 'refused'; problem: Problem }

export const firstLineView: LineView = {
  state: 'idle',
  offlineSinceMs: undefined,
  nextTryAtMs: undefined,
  awaySinceMs: undefined,
  missedForMs: undefined,
  caughtUp: undefined,
  fallbackReason: undefined,
  lastError: undefined,
  ackMs: undefined,
  ackP50Ms: undefined,
  ackP99Ms: undefined,
  reconnects: 0,
  hasBeenOpen: false,
}

/** The view after one more step. */
export function lineViewAfter(view: LineView, step: LineStep, nowMs: number): LineView {
  const answered = { ...view, lastError: undefined, offlineSinceMs: undefined, nextTryAtMs: undefined }
  const away = { ...view, awaySinceMs: view.awaySinceMs ?? nowMs }
  switch (step.type) {
    case 'idle': {
      const { ackMs, ackP50Ms, ackP99Ms, reconnects } = view
      return { ...firstLineView, ackMs, ackP50Ms, ackP99Ms, reconnects }
    }
    case 'paused':
      return { ...away, state: 'paused', nextTryAtMs: undefined }
    case 'opening':
      // A new try must not make the page say that all is well: the trouble stands until an answer comes.
      return { ...away, state: troubled(view) ?? 'opening', nextTryAtMs: undefined }
    case 'opened':
      return {
        ...answered,
        state: 'live',
        caughtUp: undefined,
        fallbackReason: undefined,
        awaySinceMs: undefined,
        // The first opening is no return: nothing had been there to miss.
        missedForMs: view.hasBeenOpen ? nowMs - (view.awaySinceMs ?? nowMs) : undefined,
        reconnects: view.reconnects + (view.hasBeenOpen ? 1 : 0),
        hasBeenOpen: true,
      }
    case 'caught-up':
      return withCaughtUp(view, step)
    case 'acknowledged': {
      const { ackMs, ackP50Ms, ackP99Ms } = step
      return { ...view, ackMs, ackP50Ms, ackP99Ms }
    }
    case 'ended':
      return { ...away, state: troubled(view) ?? 'opening', nextTryAtMs: step.nextTryAtMs }
    case 'failed':
      return step.problem
        ? { ...away, ...answeredNo(step.problem), nextTryAtMs: step.nextTryAtMs }
        : { ...away, ...unanswered(away), nextTryAtMs: step.nextTryAtMs }
    case 'fallback':
      return {
        ...answered,
        state: 'fallback',
        fallbackReason: step.why,
        nextTryAtMs: step.socketAtMs,
        caughtUp: undefined,
        awaySinceMs: undefined,
      }
    case 'unreachable':
      return { ...away, ...unanswered(away), nextTryAtMs: step.nextTryAtMs ?? view.nextTryAtMs }
    case 'reachable':
      if (view.state === 'fallback' && view.awaySinceMs === undefined) return view
      return view.fallbackReason === undefined
        ? view
        : { ...view, state: 'fallback', offlineSinceMs: undefined, awaySinceMs: undefined }
    case 'signed-out':
    case 'refused':
      return { ...answered, state: step.type, lastError: step.problem }
  }
}

function withCaughtUp(view: LineView, { done, of }: { done: number; of: number }): LineView {
  const before = view.caughtUp
  if (view.state !== 'live' && view.state !== 'catching-up') return view
  if (of === 0) return view.state === 'live' ? view : { ...view, state: 'live' }
  if (before?.done === done && before.of === of) return view
  return { ...view, caughtUp: { done, of }, state: done < of ? 'catching-up' : 'live' }
}

function answeredNo(lastError: Problem) {
  return { state: 'backing-off', lastError, offlineSinceMs: undefined } as const
}

function unanswered({ offlineSinceMs, awaySinceMs }: LineView) {
  return { state: 'offline', offlineSinceMs: offlineSinceMs ?? awaySinceMs } as const
}

function troubled(view: LineView): LineState | undefined {
  if (view.offlineSinceMs !== undefined) return 'offline'
  if (view.lastError) return 'backing-off'
  return view.fallbackReason && 'fallback'
}
