/** How long a sample lasts, and how often one is taken, in ms: the thread is sampled a twentieth of the time. */
const lookMs = 40
const everyMs = 800
/** The gap between two turns of an idle thread, in ms; a longer one means that something else ran. */
const ownTurnMs = 0.1

export type BusyShare = {
  /**
   * The busy fraction of the time sampled so far; null before the first sample, and where the browser cannot measure
   * it.
   */
  share(): number | null
  stop(): void
}

/**
 * How busy this page's main thread is. At irregular intervals it posts background tasks for some ms: each runs when the
 * thread has nothing else to do, so the gaps between them are the time that others took, be it a handler, React,
 * garbage collection or a frame. (Long tasks, which browsers report themselves, start at 50 ms, whereas 500 events a
 * second are thousands of short ones. A message to itself passes through another thread, whose delay would count on a
 * busy machine.) The price: during a sample the thread is never idle.
 * Time that the machine gives to other processes counts as busy too: on two full cores it read 97 % where Chromium's
 * own task count said 68 %.
 * Needs `scheduler.postTask` (WICG Prioritized Task Scheduling), which not every browser has.
 */
export function watchBusyShare(): BusyShare {
  const stopping = new AbortController()
  const { signal } = stopping
  const canTell = 'scheduler' in window
  let timer = canTell ? setTimeout(look, everyMs) : undefined
  let busyMs = 0
  let lookedMs = 0
  let begunMs = 0
  let latestMs = 0

  function look() {
    begunMs = latestMs = performance.now()
    again()
  }

  function again() {
    // Rejects when aborted, which needs no handling.
    scheduler.postTask(turn, { priority: 'background', signal }).catch(() => undefined)
  }

  function turn() {
    const nowMs = performance.now()
    // A gap that extends beyond the sample counts only up to its end; otherwise long tasks would be overcounted.
    const untilMs = Math.min(nowMs, begunMs + lookMs)
    if (nowMs - latestMs > ownTurnMs) busyMs += untilMs - latestMs
    latestMs = nowMs
    if (nowMs - begunMs < lookMs) return again()
    lookedMs += lookMs
    timer = setTimeout(look, everyMs * (0.5 + Math.random()))
  }

  return {
    // Rounding may bring the sum slightly above the whole.
    share: () => (lookedMs > 0 ? Math.min(1, busyMs / lookedMs) : null),
    stop() {
      clearTimeout(timer)
      stopping.abort()
    },
  }
}
