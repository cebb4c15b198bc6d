import { payStreamAttention, type StreamAttention } from './stream-attention.ts'

/** Attention to a page that keeps its socket while nobody sees it. */
export type LineAttention = StreamAttention & {
  /** Aborts when the page comes back into sight; by then a fresh signal stands in its place. */
  readonly seen: AbortSignal
}

/** Listens to the tab and the line; `looked` is told when the page comes into sight or goes out of it. */
export function payLineAttention(
  browser: Parameters<typeof payStreamAttention>[0],
  looked: () => void,
): LineAttention {
  const { document } = browser
  const stream = payStreamAttention(browser, 'keep')
  let seen = new AbortController()
  const look = () => {
    looked()
    if (document.hidden) return
    const before = seen
    seen = new AbortController()
    before.abort()
  }
  document.addEventListener('visibilitychange', look)
  return {
    get hidden() {
      return stream.hidden
    },
    get unseen() {
      return stream.unseen
    },
    get change() {
      return stream.change
    },
    get seen() {
      return seen.signal
    },
    interrupt: stream.interrupt,
    release() {
      stream.release()
      document.removeEventListener('visibilitychange', look)
    },
  }
}
