import type { RunState } from '#server/protocol/lab-runs.ts'

/** There is no such run (any more). */
export class RunNotFound extends Error {
  override name = 'RunNotFound'
}

/** One run at a time, because concurrent runs would distort each other's measurements. */
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

/** The run's state or kind does not allow this. */
export class RunInOtherState extends Error {
  override name = 'RunInOtherState'
  readonly state: RunState

  constructor(message: string, state: RunState) {
    super(message)
    this.state = state
  }
}

/** This node is stopping, and starts no more runs. */
export class NoMoreRuns extends Error {
  override name = 'NoMoreRuns'
}
