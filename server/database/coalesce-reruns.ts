/** Work that never runs twice at once. */
type CoalescedRuns = {
  /** Runs the work from its start, after this call. All calls during a run share the next one. */
  run(): Promise<void>
  /** Waits for the current run to end, whether it succeeds or fails. */
  idle(): Promise<void>
}

/**
 * Shares work, such as a query, among its callers. A run that has already started is of no use to a new caller: it may
 * have read before the caller's commit, or before LISTEN was issued.
 */
export function coalesceReruns(work: () => Promise<void>): CoalescedRuns {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  function run(): Promise<void> {
    if (running) {
      next ??= idle().then(() => {
        next = undefined
        return run()
      })
      return next
    }
    running = work().finally(() => {
      running = undefined
    })
    return running
  }

  async function idle() {
    await running?.catch(() => undefined)
  }

  return { run, idle }
}
