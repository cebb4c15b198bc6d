import type { StoryMode } from './lab.ts'
import type { LaneSignIn, RunEvent, RunOutcome } from './lab-runs.ts'
import type { RunOrder } from './lab-schemas.ts'

/** What the process of a run is told: the order first, once. */
export type ToRun =
  | { type: 'play'; order: RunOrder; runId: string; trustedOrigins: string[] }
  | { type: 'stop' }
  | { type: 'mode'; mode: StoryMode }

/** What it says: events as they come, and in the end how it came out. */
export type FromRun =
  | RunEvent
  | { type: 'sign-in'; signIn: LaneSignIn }
  | { type: 'outcome'; outcome: RunOutcome; stopped: boolean }
  | { type: 'failed'; reason: string }
