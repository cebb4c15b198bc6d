/**
 * What can interrupt a live loop from outside: the tab, the line, the user.
 *
 * A loop takes `change` at the top of each round and lets it end whatever the round awaits; then it looks again.
 */
export type Attention = {
  /** Nobody can see the page. */
  readonly hidden: boolean
  /** Aborts at the next interruption; by then a fresh signal stands in its place. */
  readonly change: AbortSignal
  interrupt(): void
  /** Stops listening to the browser. */
  release(): void
}

type Browser = { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }

/**
 * Listens to the tab and the line.
 *
 * `offline` interrupts instead of pausing: the browser's word is a hint (a server on this very machine answers
 * without any network), the next ask is the proof.
 */
export function payAttention({ document, window }: Browser): Attention {
  let change = new AbortController()
  const interrupt = () => {
    const before = change
    change = new AbortController()
    before.abort()
  }
  const listening = new AbortController()
  document.addEventListener('visibilitychange', interrupt, { signal: listening.signal })
  window.addEventListener('online', interrupt, { signal: listening.signal })
  window.addEventListener('offline', interrupt, { signal: listening.signal })
  return {
    get hidden() {
      return document.hidden
    },
    get change() {
      return change.signal
    },
    interrupt,
    release: () => listening.abort(),
  }
}
