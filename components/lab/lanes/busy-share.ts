/** A look lasts so long, in ms, and comes so often: the thread is looked at for a twentieth of the time. */
const lookMs = 40
const everyMs = 800
/** Between two turns of an idle thread; what takes longer was somebody else's turn. */
const ownTurnMs = 0.1

export type BusyShare = {
  /** Of the time looked at so far; null before there was any, and where the browser cannot tell. */
  share(): number | null
  stop(): void
}

/**
 * How busy this page's main thread is. Now and then, at irregular times, it asks for turns in the background for some
 * ms: each comes when the thread has nothing else to do, so that the gaps between them are the time that others had, be
 * it a handler, React, garbage collection or a frame. (Long tasks, which a browser tells of by itself, begin at 50 ms;
 * and 500 events a second are thousands of short ones. A message to itself goes through another thread, and on a busy
 * machine the way there would count.) While a look lasts the thread is never idle: that is its price.
 *
 * Time that the machine gives to other processes counts as busy too: on two full cores it said 97 % where Chromium's own
 * count of its tasks said 68 %.
 *
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
    // A turn that was called off is not missed.
    scheduler.postTask(turn, { priority: 'background', signal }).catch(() => undefined)
  }

  function turn() {
    const nowMs = performance.now()
    // What reaches beyond the look counts to its end alone: counted whole, long turns would count too often.
    const untilMs = Math.min(nowMs, begunMs + lookMs)
    if (nowMs - latestMs > ownTurnMs) busyMs += untilMs - latestMs
    latestMs = nowMs
    if (nowMs - begunMs < lookMs) return again()
    lookedMs += lookMs
    timer = setTimeout(look, everyMs * (0.5 + Math.random()))
  }

  return {
    // A sum of differences may be a hair more than the whole.
    share: () => (lookedMs > 0 ? Math.min(1, busyMs / lookedMs) : null),
    stop() {
      clearTimeout(timer)
      stopping.abort()
    },
  }
}
