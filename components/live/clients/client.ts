import type { PageActivity } from '#components/live/liveness.ts'
import type { PollResponse, Wire } from '#components/live/request.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { ResetReason, StreamBye, StreamReady, WireEntry } from '#server/protocol/streams.ts'

/** A stream to follow: its name on the wire (`me` included), from `after`, a cursor or `now`. */
export type StreamSubject = { name: string; after: string }

/**
 * How a proxy on the way was found to hold the stream back. `opening`: nothing came although a poll of the same URL
 * was answered; `bunches`: what was sent apart came together or late, by about `heldMs`; `silence`: it opened and then
 * nothing came, twice, although polls were answered.
 */
export type HeldBack = { how: 'opening' | 'silence' } | { how: 'bunches'; heldMs: number }

/** What a stream goes through, in the order in which it yields it. Cursors name the last entry seen. */
export type StreamStep<Data = unknown> =
  | { type: 'paused' }
  | { type: 'opening' }
  | ({ type: 'ready'; cursor: string } & StreamReady)
  /** `live`: they happened while the line was up. Otherwise they were missed, and are caught up with. */
  | { type: 'entries'; entries: WireEntry<Data>[]; cursor: string; live: boolean }
  | { type: 'beat'; at: string }
  | { type: 'reset'; head: string; reason?: ResetReason }
  | ({ type: 'bye'; nextAskAtMs: number } & Pick<StreamBye, 'reason'>)
  /** The source ended, closed or silent, after it had been ready. */
  | { type: 'ended'; how: 'closed' | 'silent'; nextAskAtMs: number }
  | { type: 'failed'; problem?: Problem; nextAskAtMs: number }
  /** From here on by long polling, until event streams are tried again at `streamAtMs`. */
  | { type: 'fallback'; why: HeldBack; streamAtMs: number }
  | { type: 'polled' }
  | { type: 'signed-out'; problem?: Problem }
  | { type: 'refused'; problem: Problem }

/** A stream to poll: from `after` (a cursor, or `now` for new entries only), then on from each page's `next`. */
export function streamSubject(name: string, after = 'now'): Subject {
  const urlAfter = (cursor: string) => `/api/streams/${encodeURIComponent(name)}?after=${cursor}`
  return { url: urlAfter(after), after: urlAfter }
}

/** Short: ask, and ask again later. Long: ask, and let the server hold the answer until there is news. */
export type Mode = 'short' | 'long'

/** What to poll: a resource by its `url`, or a stream, whose next URL is the one `after` a cursor. */
export type Subject = { url: string; after?: (cursor: string) => string }

/** What a poll goes through, in the order in which it yields it. */
export type PollStep<T> =
  | { type: 'paused' }
  | { type: 'asking'; held: boolean }
  | Exclude<PollResponse<T>, { type: 'interrupted' | 'failed' }>
  | { type: 'failed'; problem?: Problem; nextAskAtMs: number }
  | { type: 'waiting'; adviceMs: number; nextAskAtMs: number }
  | { type: 'ended' }

export type StreamOptions = Wire & {
  activity: PageActivity
  random?: () => number
  signal: AbortSignal
}
