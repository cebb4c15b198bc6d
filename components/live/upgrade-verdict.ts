import type { LineFallback } from './line-view.ts'

/** A connection that stood this long, in ms, was not cut by something that cuts them all. */
const steadyMs = 3_000
const cutsThatTell = 3
const refusalsThatTell = 2

/**
 * Judges whether something on the way lets no socket through. One that fails may be a hiccup; the finding is a series,
 * with a poll that is answered meanwhile. Once found, it stands until a socket does.
 */
export function createUpgradeVerdict() {
  let cuts = 0
  let refusals = 0
  let found: LineFallback | undefined
  const clear = () => {
    cuts = 0
    refusals = 0
  }
  return {
    /** A connection that was granted ended after so long, without a word from the server. */
    cut(stoodMs: number): LineFallback | undefined {
      refusals = 0
      cuts += 1
      if (stoodMs >= steadyMs) {
        clear()
        found = undefined
      } else if (cuts >= cutsThatTell) found = 'cut-at-once'
      return found
    },
    /** A connection was not granted, and the server answers a poll. */
    refused(): LineFallback | undefined {
      cuts = 0
      refusals += 1
      if (refusals >= refusalsThatTell) found = 'refused-upgrade'
      return found
    },
    /** The server says goodbye: it spoke over a socket. */
    spoke() {
      clear()
      found = undefined
    },
    /** Nobody answers: that says nothing of what is on the way. */
    unanswered() {
      clear()
    },
  }
}
