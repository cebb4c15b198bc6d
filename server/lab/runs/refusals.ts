import type { RunState } from '#server/protocol/lab-runs.ts'

/** There is no such run, or none any more. */
export class RunNotFound extends Error {
  override name = 'RunNotFound'
}

/** One run at a time, or they would measure each other. */
export class AnotherRunGoesOn extends Error {
  override name = 'AnotherRunGoesOn'
  readonly runId: string

  constructor(runId: string, number: number) {
    super(
      `Run ${number} is in progress, and only one can run at a time: stop it, or wait until it has finished`,
    )
    this.runId = runId
  }
}

/** The run is in a state, or of a kind, in which that cannot be done. */
export class RunInOtherState extends Error {
  override name = 'RunInOtherState'
  readonly state: RunState

  constructor(message: string, state: RunState) {
    super(message)
    this.state = state
  }
}

/** This node is stopping: it starts nothing any more. */
export class NoMoreRuns extends Error {
  override name = 'NoMoreRuns'
}
