/** A look lasts so long, in ms, and comes so often: the thread is looked at for a twentieth of the time. */
const lookMs = 40
const everyMs = 800
/** Between two messages of an idle thread; what takes longer was somebody else's turn. */
const ownTurnMs = 0.1

export type BusyShare = {
  /** Of the time looked at so far; null before there was any. */
  share(): number | null
  stop(): void
}

/**
 * How busy this page's main thread is. Now and then, at irregular times, it sends itself messages for some ms: each is
 * handled when the thread has nothing else to do, so that the gaps between them are the time that others had, be it a
 * handler, React, garbage collection or a frame. (Long tasks, which a browser tells of by itself, begin at 50 ms; and
 * 500 events a second are thousands of short ones.) While a look lasts the thread is never idle: that is its price.
 */
export function watchBusyShare(): BusyShare {
  const { port1, port2 } = new MessageChannel()
  let timer = setTimeout(look, everyMs)
  let busyMs = 0
  let lookedMs = 0
  let begunMs = 0
  let latestMs = 0

  function look() {
    begunMs = latestMs = performance.now()
    port2.postMessage(null)
  }

  port1.onmessage = () => {
    const nowMs = performance.now()
    // What reaches beyond the look counts to its end alone: counted whole, long turns would count too often.
    const untilMs = Math.min(nowMs, begunMs + lookMs)
    if (nowMs - latestMs > ownTurnMs) busyMs += untilMs - latestMs
    latestMs = nowMs
    if (nowMs - begunMs < lookMs) return port2.postMessage(null)
    lookedMs += lookMs
    timer = setTimeout(look, everyMs * (0.5 + Math.random()))
  }

  return {
    share: () => (lookedMs > 0 ? busyMs / lookedMs : null),
    stop() {
      clearTimeout(timer)
      port1.close()
    },
  }
}
