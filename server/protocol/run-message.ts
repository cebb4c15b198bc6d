import type { ClusterAction, StoryMode } from './lab.ts'
import type { LaneSignIn, RunEvent, RunOutcome } from './lab-runs.ts'
import type { RunOrder } from './lab-schemas.ts'

/** Messages to a run's process: `play` comes first, once. */
export type ToRun =
  | { type: 'play'; order: RunOrder; runId: string; trustedOrigins: string[] }
  | { type: 'stop' }
  | { type: 'mode'; mode: StoryMode }
  | { type: 'action'; action: ClusterAction }
  /** Whether anybody follows it: what only a viewer sees is not made without one. */
  | { type: 'watched'; isWatched: boolean }

/** Messages from it: events as they happen, and the outcome at the end. */
export type FromRun =
  | RunEvent
  | { type: 'sign-in'; signIn: LaneSignIn }
  | { type: 'outcome'; outcome: RunOutcome; stopped: boolean }
  | { type: 'failed'; reason: string }
