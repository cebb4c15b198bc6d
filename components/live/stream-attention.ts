import type { Attention } from './attention.ts'

/** Attention to a page that is on show, or hidden, or kept for the way back (back/forward cache), or frozen. */
export type StreamAttention = Attention & {
  /** Nobody can see the page, which may stay connected all the same. */
  readonly unseen: boolean
}

type Browser = { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }

/**
 * As `payAttention`, for a stream: with `whileHidden: 'keep'` a hidden tab stays connected, and hiding it interrupts
 * nothing. A page that is left or frozen is always `hidden`: an open connection would keep it out of the
 * back/forward cache, and what arrives there is read by nobody.
 */
export function payStreamAttention(
  { document, window }: Browser,
  whileHidden: 'keep' | 'pause',
): StreamAttention {
  let change = new AbortController()
  let left = false
  let frozen = false
  const interrupt = () => {
    const before = change
    change = new AbortController()
    before.abort()
  }
  const listening = new AbortController()
  const on = (target: EventTarget, type: string, listener: () => void) =>
    target.addEventListener(type, listener, { signal: listening.signal })
  const leave = (gone: boolean) => {
    left = gone
    interrupt()
  }
  const freeze = (stands: boolean) => {
    frozen = stands
    interrupt()
  }
  if (whileHidden === 'pause') on(document, 'visibilitychange', interrupt)
  on(document, 'freeze', () => freeze(true))
  on(document, 'resume', () => freeze(false))
  on(window, 'pagehide', () => leave(true))
  on(window, 'pageshow', () => left && leave(false))
  on(window, 'online', interrupt)
  on(window, 'offline', interrupt)
  return {
    get hidden() {
      return left || frozen || (whileHidden === 'pause' && document.hidden)
    },
    get unseen() {
      return document.hidden
    },
    get change() {
      return change.signal
    },
    interrupt,
    release: () => listening.abort(),
  }
}
