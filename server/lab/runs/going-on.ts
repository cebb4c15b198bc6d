import type { RunState } from '#server/protocol/lab-runs.ts'

/** The states of a run that has not ended. */
export const goingOn: RunState[] = ['preparing', 'running', 'finishing']

export function isGoingOn(state: RunState): boolean {
  return goingOn.includes(state)
}
