import type { BufferingReason } from '#server/protocol/buffering.ts'

/**
 * Why another transport serves: an event stream is held back; a WebSocket's upgrade is refused while polls are answered,
 * or each connection is cut at once.
 */
export type FallbackReason = BufferingReason | { how: 'refused-upgrade' | 'cut-at-once' }

/** A connection that stood this long, in ms, was not cut by something that cuts them all. */
const steadyMs = 3_000
const cutsThatTell = 3
const refusalsThatTell = 2

/**
 * Detects something on the way that lets no WebSocket through. One that fails may be a hiccup; the finding is a series,
 * with a poll that is answered meanwhile. Once found, it stands until a socket does.
 */
export function createUpgradeDetector() {
  let cuts = 0
  let refusals = 0
  let found: FallbackReason | undefined
  const clear = () => {
    cuts = 0
    refusals = 0
  }
  return {
    isClear: () => cuts + refusals === 0 && !found,
    /** A connection that was granted ended after so long, without a word from the server. */
    cut(stoodMs: number): FallbackReason | undefined {
      refusals = 0
      cuts += 1
      if (stoodMs >= steadyMs) {
        clear()
        found = undefined
      } else if (cuts >= cutsThatTell) found = { how: 'cut-at-once' }
      return found
    },
    /** A connection was not granted, and the server answers a poll. */
    refused(): FallbackReason | undefined {
      cuts = 0
      refusals += 1
      if (refusals >= refusalsThatTell) found = { how: 'refused-upgrade' }
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
