import { formatTag, knownCursor, parseCursor, parseStartPosition } from '#server/deliver/cursor.ts'
import type { PollResult } from '#server/deliver/encode/page.ts'
import type { PollRequest } from '#server/deliver/request.ts'
import type { ReadableStream } from './access.ts'
import { type PollAnswer, pollFields, type Wait } from './polled-resource.ts'
import { Refusal } from './problem.ts'

/** All callers are the same viewer of a public stream. */
const anyone = 'public'

export function viewerOf({ session }: ReadableStream): string {
  return session?.viewer ?? anyone
}

/** A poll of a stream, from its `after` parameter and its `If-None-Match`. Throws `InvalidCursor`. */
export function pollOf(
  readable: ReadableStream,
  afterParameter: string | undefined,
  ifNoneMatch: string | undefined,
): PollRequest {
  const { stream, revokesAccess } = readable
  const after = parseStartPosition(afterParameter)
  const tag = knownCursor(ifNoneMatch, viewerOf(readable))
  if (tag === undefined) return { stream, after, revokesAccess }
  const known = parseCursor(tag)
  return { stream, after: after === 'now' ? known : after, known, revokesAccess }
}

/** The response to a poll of a stream. Throws 410 for a reset. */
export function streamAnswer(
  result: PollResult,
  readable: ReadableStream,
  wait: Wait | undefined,
): PollAnswer {
  const fields = pollFields(wait)
  fields['content-location'] = `/api/streams/${readable.stream}`
  switch (result.state) {
    case 'changed':
      fields.etag = formatTag(result.next, viewerOf(readable))
      fields['content-type'] = 'application/json; charset=utf-8'
      return { status: 200, fields, body: result.body }
    case 'not-modified':
      // 304 only for a tag of this viewer: otherwise the browser would show its cached page, possibly another user's.
      if (result.next === undefined) return { status: 204, fields }
      fields.etag = formatTag(result.next, viewerOf(readable))
      return { status: 304, fields }
    case 'reset': {
      const { head, reason } = result
      throw new Refusal('stream-reset', resetDetails[reason], { members: { head, reason } })
    }
  }
}

const resetDetails = {
  epoch: 'The cursor is of another life of this log: start again from the head',
  'beyond-head': 'The cursor is beyond the head: start again from the head',
  trimmed: 'The entries after the cursor are no longer kept: start again from the head',
} as const
