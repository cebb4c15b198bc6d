import type { Problem } from '#server/protocol/problems.ts'
import type { HeldBack, StreamStep } from './clients/client.ts'
import { isBeyond, seqOf } from './position.ts'

/**
 * What the wire is doing now. `fallback`: by long polling; `offline`: no answer came at all;
 * `backing-off`: the server answered that it cannot; `refused`: it will not.
 */
export type StreamState =
  | 'opening'
  | 'live'
  | 'catching-up'
  | 'fallback'
  | 'offline'
  | 'backing-off'
  | 'paused'
  | 'signed-out'
  | 'refused'

/** What a page shows of a stream. Times are epoch ms. */
export type StreamView = {
  state: StreamState
  /** The last entry seen. */
  cursor: string | undefined
  /** The last sign of life, and how often one is promised. */
  beatAtMs: number | undefined
  beatMs: number | undefined
  nextTryAtMs: number | undefined
  /** Since when nothing has come in. */
  offlineSinceMs: number | undefined
  /** The entries that were missed: how many have come, of how many; stays until the next time. */
  caughtUp: { done: number; of: number } | undefined
  /** How long the stream was away before it came back the last time. */
  missedForMs: number | undefined
  fallbackReason: HeldBack | undefined
  /** The refusal in force, with its `requestId`; gone with the next good answer. */
  lastError: Problem | undefined
  /** The last time the stream began anew because the log had moved on. */
  resetAtMs: number | undefined
  /** Since when there has been no source, for `missedForMs`. */
  awaySinceMs: number | undefined
}

export function firstStreamView(cursor?: string): StreamView {
  return {
    state: 'opening',
    cursor,
    beatAtMs: undefined,
    beatMs: undefined,
    nextTryAtMs: undefined,
    offlineSinceMs: undefined,
    caughtUp: undefined,
    missedForMs: undefined,
    fallbackReason: undefined,
    lastError: undefined,
    resetAtMs: undefined,
    awaySinceMs: undefined,
  }
}

/** The view after one more step. */
export function streamViewAfter(view: StreamView, step: StreamStep, nowMs: number): StreamView {
  const answered = { ...view, lastError: undefined, offlineSinceMs: undefined, nextTryAtMs: undefined }
  const away = { ...view, awaySinceMs: view.awaySinceMs ?? nowMs }
  switch (step.type) {
    case 'paused':
      return { ...away, state: 'paused', nextTryAtMs: undefined }
    case 'opening':
      // A new try must not make the page say that all is well: the trouble stands until an answer comes.
      return { ...away, state: troubled(view) ?? 'opening', nextTryAtMs: undefined }
    case 'ready':
      return { ...answered, ...caughtUpFrom(view, step, nowMs), beatMs: step.beatMs, beatAtMs: nowMs }
    case 'beat':
      return { ...view, beatAtMs: nowMs }
    case 'entries':
      return withEntries(
        { ...answered, state: restored(view), cursor: step.cursor, beatAtMs: nowMs, ...backAt(view, nowMs) },
        step,
      )
    case 'polled':
      return { ...answered, state: restored(view), beatAtMs: nowMs, ...backAt(view, nowMs) }
    case 'fallback':
      return {
        ...answered,
        state: 'fallback',
        fallbackReason: step.why,
        nextTryAtMs: step.streamAtMs,
        caughtUp: undefined,
      }
    case 'reset':
      return {
        ...answered,
        state: view.fallbackReason ? 'fallback' : 'live',
        cursor: step.head,
        caughtUp: undefined,
        resetAtMs: nowMs,
      }
    case 'ended':
    case 'bye':
      return { ...away, state: troubled(view) ?? 'opening', nextTryAtMs: step.nextAskAtMs }
    case 'failed':
      return step.problem
        ? { ...answered, ...backingOff(away), lastError: step.problem, nextTryAtMs: step.nextAskAtMs }
        : {
            ...away,
            state: 'offline',
            offlineSinceMs: view.offlineSinceMs ?? away.awaySinceMs,
            nextTryAtMs: step.nextAskAtMs,
          }
    case 'signed-out':
    case 'refused':
      return { ...answered, state: step.type, lastError: step.problem }
  }
}

function backingOff({ awaySinceMs }: StreamView) {
  return { state: 'backing-off', awaySinceMs } as const
}

function troubled(view: StreamView): StreamState | undefined {
  if (view.offlineSinceMs !== undefined) return 'offline'
  if (view.lastError) return 'backing-off'
  return view.fallbackReason && 'fallback'
}

/** The state of a line that has just proved itself. */
function restored(view: StreamView): StreamState {
  if (view.fallbackReason) return 'fallback'
  return view.state === 'catching-up' ? 'catching-up' : 'live'
}

type Ready = Extract<StreamStep, { type: 'ready' }>

function caughtUpFrom(view: StreamView, { cursor, head }: Ready, nowMs: number) {
  const missed = isBeyond(head, cursor) ? seqOf(head) - seqOf(cursor) : 0
  return {
    cursor,
    state: missed > 0 ? ('catching-up' as const) : ('live' as const),
    fallbackReason: undefined,
    caughtUp: missed > 0 ? { done: 0, of: missed } : undefined,
    ...backAt(view, nowMs),
  }
}

function backAt({ awaySinceMs, beatAtMs, missedForMs }: StreamView, nowMs: number) {
  if (awaySinceMs === undefined) return {}
  // The first opening is no return: nothing had been there to miss.
  return { awaySinceMs: undefined, missedForMs: beatAtMs === undefined ? missedForMs : nowMs - awaySinceMs }
}

function withEntries(
  view: StreamView,
  { entries, live }: Extract<StreamStep, { type: 'entries' }>,
): StreamView {
  if (view.state !== 'catching-up' || !view.caughtUp || live) return view
  const { done, of } = view.caughtUp
  const caughtUp = { done: Math.min(of, done + entries.length), of }
  return { ...view, caughtUp, state: caughtUp.done < of ? 'catching-up' : 'live' }
}
