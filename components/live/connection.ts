import type { Problem } from '#server/protocol/problems.ts'
import type { Step } from './clients/client.ts'
import type { FallbackReason } from './fallback.ts'
import { isBeyond, seqOf } from './position.ts'

/**
 * What a connection is doing. `idle`: nobody needs it; `requesting`: a poll is under way; `live`: a connection or a
 * request is held open; `waiting`: for the next poll; `fallback`: another transport is in use; `offline`: no responses
 * arrive; `backing-off`: the server said that it cannot serve now; `refused`: it will not; `ended`: nothing more will
 * come.
 */
export type ConnectionState =
  | 'idle'
  | 'opening'
  | 'requesting'
  | 'live'
  | 'waiting'
  | 'catching-up'
  | 'fallback'
  | 'offline'
  | 'backing-off'
  | 'paused'
  | 'ended'
  | 'signed-out'
  | 'refused'

/** A connection's state as a page shows it, whichever client maintains it. Times are epoch ms. */
export type ConnectionView<T = unknown> = {
  state: ConnectionState
  /** Resources only: the value, and when it was last confirmed. */
  value: T | undefined
  seenAtMs: number | undefined
  /** Streams only: the last entry seen. */
  cursor: string | undefined
  /** When the last poll was sent. */
  requestedAtMs: number | undefined
  /** The server's last advice; kept while requesting, so that a gauge drawn from it does not jump. */
  adviceMs: number | undefined
  nextTryAtMs: number | undefined
  /** The last sign of life, and the promised interval between beats. */
  beatAtMs: number | undefined
  beatMs: number | undefined
  /** Since when nothing has arrived, once that is certain. */
  offlineSinceMs: number | undefined
  /** Since when there has been no connection, and how long the last outage lasted. */
  awaySinceMs: number | undefined
  missedForMs: number | undefined
  /** Progress on missed entries: how many have arrived, of how many; kept until the next outage. */
  caughtUp: { done: number; of: number } | undefined
  fallbackReason: FallbackReason | undefined
  /** The current refusal, with its `requestId`; cleared by the next good response. */
  lastError: Problem | undefined
  /** When the stream was last reset. */
  resetAtMs: number | undefined
  /** Acknowledgement times of this page's commands: the last one, and percentiles of the recent ones. */
  ackMs: number | undefined
  ackP50Ms: number | undefined
  ackP99Ms: number | undefined
  /** How often a lost connection has been reopened. */
  reconnects: number
  hasBeenOpen: boolean
}

/** Steps that only the shared socket reports. */
export type SharedStep =
  | { type: 'idle' }
  | { type: 'caught-up'; done: number; of: number }
  | { type: 'acknowledged'; ackMs: number; ackP50Ms: number; ackP99Ms: number }
  /** While in the fallback: whether the server responds there. */
  | { type: 'unreachable'; nextTryAtMs: number | undefined }
  | { type: 'reachable' }

/** The view before the first step. */
export function newConnection<T = unknown>(
  known: Partial<ConnectionView<T>> & Pick<ConnectionView, 'state'>,
): ConnectionView<T> {
  return {
    value: undefined,
    seenAtMs: undefined,
    cursor: undefined,
    requestedAtMs: undefined,
    adviceMs: undefined,
    nextTryAtMs: undefined,
    beatAtMs: undefined,
    beatMs: undefined,
    offlineSinceMs: undefined,
    awaySinceMs: undefined,
    missedForMs: undefined,
    caughtUp: undefined,
    fallbackReason: undefined,
    lastError: undefined,
    resetAtMs: undefined,
    ackMs: undefined,
    ackP50Ms: undefined,
    ackP99Ms: undefined,
    reconnects: 0,
    hasBeenOpen: false,
    ...known,
  }
}

/** The view after one more step. */
export function connectionAfter<T>(
  view: ConnectionView<T>,
  step: Step<T> | SharedStep,
  nowMs: number,
): ConnectionView<T> {
  const answered = { ...view, lastError: undefined, offlineSinceMs: undefined, nextTryAtMs: undefined }
  const away = { ...view, awaySinceMs: view.awaySinceMs ?? nowMs }
  // A retry must not make the page report that all is well: the trouble stays until a response arrives.
  const trouble = troubleIn(view)
  switch (step.type) {
    case 'paused':
      return { ...away, state: 'paused', nextTryAtMs: undefined }
    case 'opening':
      return { ...away, state: trouble ?? 'opening', nextTryAtMs: undefined }
    case 'requesting':
      return {
        ...view,
        state: trouble ?? (step.held ? 'live' : 'requesting'),
        awaySinceMs: trouble && view.awaySinceMs,
        requestedAtMs: nowMs,
        nextTryAtMs: undefined,
      }
    case 'opened':
      return {
        ...{
          ...answered,
          state: 'live',
          caughtUp: undefined,
          fallbackReason: undefined,
          awaySinceMs: undefined,
        },
        // The first opening is not a reconnect: there was nothing to miss.
        missedForMs: view.hasBeenOpen ? nowMs - (view.awaySinceMs ?? nowMs) : undefined,
        reconnects: view.reconnects + (view.hasBeenOpen ? 1 : 0),
        hasBeenOpen: true,
      }
    case 'ready': {
      const { cursor, head, beatMs } = step
      const of = isBeyond(head, cursor) ? seqOf(head) - seqOf(cursor) : 0
      return {
        ...{
          ...answered,
          ...backAt(view, nowMs),
          cursor,
          beatMs,
          beatAtMs: nowMs,
          fallbackReason: undefined,
        },
        state: of > 0 ? 'catching-up' : 'live',
        caughtUp: of > 0 ? { done: 0, of } : undefined,
      }
    }
    case 'beat':
      return { ...view, beatAtMs: nowMs }
    case 'entries': {
      const back: ConnectionView<T> = {
        ...answered,
        ...backAt(view, nowMs),
        state: provenState(view),
        cursor: step.cursor,
        beatAtMs: nowMs,
      }
      if (back.state !== 'catching-up' || !view.caughtUp || step.live) return back
      const { done, of } = view.caughtUp
      const caughtUp = { done: Math.min(of, done + step.entries.length), of }
      return { ...back, caughtUp, state: caughtUp.done < of ? 'catching-up' : 'live' }
    }
    case 'changed': {
      const { value, adviceMs = view.adviceMs } = step
      return { ...answered, awaySinceMs: undefined, value, seenAtMs: nowMs, adviceMs }
    }
    case 'not-modified': {
      const { cursor = view.cursor, adviceMs = view.adviceMs } = step
      const state = view.fallbackReason ? 'fallback' : view.state
      return { ...answered, ...backAt(view, nowMs), state, cursor, adviceMs, beatAtMs: nowMs }
    }
    case 'reset': {
      const state = view.fallbackReason ? 'fallback' : 'live'
      return { ...answered, state, cursor: step.head, caughtUp: undefined, resetAtMs: nowMs }
    }
    case 'waiting':
      return { ...answered, state: 'waiting', adviceMs: step.adviceMs, nextTryAtMs: step.nextTryAtMs }
    case 'closed':
    case 'bye':
      return { ...away, state: trouble ?? 'opening', nextTryAtMs: step.nextTryAtMs }
    case 'failed':
      if (!step.problem) return unanswered(away, step.nextTryAtMs)
      return {
        ...{ ...away, state: 'backing-off', lastError: step.problem, nextTryAtMs: step.nextTryAtMs },
        offlineSinceMs: undefined,
      }
    case 'fallback': {
      const { why: fallbackReason, nextTryAtMs } = step
      return { ...answered, state: 'fallback', fallbackReason, nextTryAtMs, caughtUp: undefined }
    }
    case 'ended':
      return { ...answered, state: 'ended' }
    case 'signed-out':
    case 'refused':
      return { ...answered, state: step.type, lastError: step.problem }
    case 'idle': {
      const { ackMs, ackP50Ms, ackP99Ms, reconnects } = view
      return newConnection({ state: 'idle', ackMs, ackP50Ms, ackP99Ms, reconnects })
    }
    case 'acknowledged': {
      const { ackMs, ackP50Ms, ackP99Ms } = step
      return { ...view, ackMs, ackP50Ms, ackP99Ms }
    }
    case 'caught-up':
      return withCaughtUp(view, step)
    case 'unreachable':
      return unanswered(away, step.nextTryAtMs ?? view.nextTryAtMs)
    case 'reachable':
      if (view.fallbackReason === undefined) return view
      if (view.state === 'fallback' && view.awaySinceMs === undefined) return view
      return { ...view, state: 'fallback', offlineSinceMs: undefined, awaySinceMs: undefined }
  }
}

function unanswered<T>(away: ConnectionView<T>, nextTryAtMs: number | undefined): ConnectionView<T> {
  const { offlineSinceMs = away.awaySinceMs } = away
  return { ...away, state: 'offline', offlineSinceMs, nextTryAtMs }
}

function troubleIn({
  offlineSinceMs,
  lastError,
  fallbackReason,
}: ConnectionView): ConnectionState | undefined {
  if (offlineSinceMs !== undefined) return 'offline'
  if (lastError) return 'backing-off'
  return fallbackReason && 'fallback'
}

/** The state of a connection that has just proved that it works. */
function provenState({ fallbackReason, state }: ConnectionView): ConnectionState {
  if (fallbackReason) return 'fallback'
  return state === 'catching-up' ? 'catching-up' : 'live'
}

function backAt({ awaySinceMs, beatAtMs, missedForMs }: ConnectionView, nowMs: number) {
  if (awaySinceMs === undefined) return {}
  return { awaySinceMs: undefined, missedForMs: beatAtMs === undefined ? missedForMs : nowMs - awaySinceMs }
}

function withCaughtUp<T>(
  view: ConnectionView<T>,
  { done, of }: { done: number; of: number },
): ConnectionView<T> {
  if (view.state !== 'live' && view.state !== 'catching-up') return view
  if (of === 0) return view.state === 'live' ? view : { ...view, state: 'live' }
  if (view.caughtUp?.done === done && view.caughtUp.of === of) return view
  return { ...view, caughtUp: { done, of }, state: done < of ? 'catching-up' : 'live' }
}
