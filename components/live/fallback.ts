import type { BufferingReason } from '#server/protocol/buffering.ts'

/**
 * Why another transport is in use: an event stream is buffered; a WebSocket's upgrade is refused while polls succeed,
 * or each connection is cut at once.
 */
export type FallbackReason = BufferingReason | { how: 'refused-upgrade' | 'cut-at-once' }

/** A connection that lasted this long, in ms, was not cut by something that cuts every connection. */
const steadyMs = 3_000
const cutsThatTell = 3
const refusalsThatTell = 2

/**
 * Detects something on the path that blocks WebSockets. A single failure may be a hiccup; it takes several in a row,
 * with a poll that succeeds meanwhile. Once found, the reason stays until a socket works.
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
    /** A connection that had opened ended after `stoodMs`, without a `bye` from the server. */
    cut(stoodMs: number): FallbackReason | undefined {
      refusals = 0
      cuts += 1
      if (stoodMs >= steadyMs) {
        clear()
        found = undefined
      } else if (cuts >= cutsThatTell) found = { how: 'cut-at-once' }
      return found
    },
    /** A connection was not opened, although the server responds to a poll. */
    refused(): FallbackReason | undefined {
      cuts = 0
      refusals += 1
      if (refusals >= refusalsThatTell) found = { how: 'refused-upgrade' }
      return found
    },
    /** The server sent a message over a socket: nothing blocks it. */
    spoke() {
      clear()
      found = undefined
    },
    /** Nothing responds, which says nothing about what is on the path. */
    unanswered() {
      clear()
    },
  }
}
