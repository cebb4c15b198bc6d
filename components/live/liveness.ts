import type { Clock } from './clock.ts'

/**
 * What can interrupt a client from outside: the tab, the network, the user.
 * A client takes `change` at the top of each round, lets it end whatever the round awaits, and then looks again.
 */
export type PageActivity = {
  /** Nothing may be connected: the page has been left, is frozen, or is hidden and set to pause while hidden. */
  readonly suspended: boolean
  /** The page is hidden, though it may stay connected. */
  readonly unseen: boolean
  /** Aborts at the next interruption; by then a fresh signal has replaced it. */
  readonly change: AbortSignal
  /** Aborts when the page becomes visible again; replaced likewise. */
  readonly seen: AbortSignal
  interrupt(): void
  /** Stops listening to the browser. */
  release(): void
}

export type Browser = { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }

/**
 * Watches the tab and the network. With `whileHidden: 'keep'` a hidden tab stays connected, and hiding it interrupts
 * nothing. A page that has been left or frozen is always suspended: an open connection would keep it out of the
 * back/forward cache, and nobody would read what arrives.
 * `offline` interrupts instead of pausing: it is only a hint (a server on this machine responds without any network),
 * and the next attempt is the proof.
 */
export function watchPage({ document, window }: Browser, whileHidden: 'keep' | 'pause'): PageActivity {
  let change = new AbortController()
  let seen = new AbortController()
  let left = false
  let frozen = false
  const listening = new AbortController()
  const on = (target: EventTarget, type: string, listener: () => void) =>
    target.addEventListener(type, listener, { signal: listening.signal })
  const interrupt = () => {
    const before = change
    change = new AbortController()
    before.abort()
  }
  const look = () => {
    if (whileHidden === 'pause') interrupt()
    if (document.hidden) return
    const before = seen
    seen = new AbortController()
    before.abort()
  }
  const leave = (gone: boolean) => {
    left = gone
    interrupt()
  }
  const freeze = (stands: boolean) => {
    frozen = stands
    interrupt()
  }
  on(document, 'visibilitychange', look)
  on(document, 'freeze', () => freeze(true))
  on(document, 'resume', () => freeze(false))
  on(window, 'pagehide', () => leave(true))
  on(window, 'pageshow', () => left && leave(false))
  on(window, 'online', interrupt)
  on(window, 'offline', interrupt)
  return {
    get suspended() {
      return left || frozen || (whileHidden === 'pause' && document.hidden)
    },
    get unseen() {
      return document.hidden
    },
    get change() {
      return change.signal
    },
    get seen() {
      return seen.signal
    },
    interrupt,
    release: () => listening.abort(),
  }
}

const tickMs = 1_000
const suspectMs = 1_500
const asleepMs = 5_000
/** Browsers throttle a hidden tab's timers to one wake-up a minute. */
const asleepUnseenMs = 65_000

/**
 * Whether this page is running normally: when a laptop sleeps or a tab freezes, lateness says nothing about the
 * network.
 */
export type Wakefulness = {
  /** Whether the clock has ticked without a pause until now. */
  steady(): boolean
}

/**
 * Watches the clock until `signal` aborts, and interrupts the page's connections when it has stopped for more than 5 s.
 */
export function watchWakefulness(clock: Clock, activity: PageActivity, signal: AbortSignal): Wakefulness {
  let tickedAtMs = clock.now()
  const tick = async () => {
    while (!signal.aborted) {
      await clock.sleep(tickMs, signal)
      const lateMs = clock.now() - tickedAtMs - tickMs
      tickedAtMs = clock.now()
      if (lateMs > (activity.unseen ? asleepUnseenMs : asleepMs) && !signal.aborted) activity.interrupt()
    }
  }
  void tick()
  return { steady: () => clock.now() - tickedAtMs < tickMs + suspectMs }
}
