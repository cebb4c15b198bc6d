import type { StartPosition } from '#server/log/feeds.ts'
import type { Cursor } from '#server/log/log.ts'
import { cursorPattern } from '#server/protocol/streams.ts'

export class InvalidCursor extends Error {
  override name = 'InvalidCursor'
}

/** Parses a wire cursor, `<epoch>.<seq>`. Throws `InvalidCursor`; the position need not exist. */
export function parseCursor(text: string): Cursor {
  if (!cursorPattern.test(text)) throw new InvalidCursor('A cursor looks like k7x2ab.91')
  const dot = text.indexOf('.')
  return { epoch: text.slice(0, dot), seq: Number(text.slice(dot + 1)) }
}

/** The `after` parameter: a cursor, `now`, or absent (from the oldest entry retained). */
export function parseStartPosition(after: string | undefined): StartPosition {
  if (after === undefined) return 'start'
  return after === 'now' ? 'now' : parseCursor(after)
}

/**
 * The ETag of a response: the cursor and its viewer. A browser resends one user's tag after another has signed in on
 * the same URL; without the viewer in the tag, the second user would get a 304 for the first one's page.
 */
export function formatTag(cursor: string, viewer: string): string {
  return `"${cursor}-${viewer}"`
}

/**
 * The cursor in `If-None-Match` for this viewer; the last one if several match, undefined if none.
 * Compared weakly (RFC 9110, section 8.8.3.2), because proxies that recompress a body prefix `W/`.
 */
export function knownCursor(ifNoneMatch: string | undefined, viewer: string): string | undefined {
  if (ifNoneMatch === undefined) return undefined
  const end = ifNoneMatch.lastIndexOf(`-${viewer}"`)
  if (end < 0) return undefined
  const cursor = ifNoneMatch.slice(ifNoneMatch.lastIndexOf('"', end) + 1, end)
  return cursorPattern.test(cursor) ? cursor : undefined
}
