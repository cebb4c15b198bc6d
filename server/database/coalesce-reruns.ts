/** Work that never runs twice at once. */
type CoalescedRuns = {
  /** Runs the work from its start, after this call. All who call while it runs share the run after it. */
  run(): Promise<void>
  /** Waits for what runs now, however it ends. */
  idle(): Promise<void>
}

/**
 * A look at the database, shared by those who ask for it. A look that already runs is of no use to a caller: it may
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
