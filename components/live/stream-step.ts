import type { Problem, ResetReason, StreamBye, StreamReady, WireEntry } from '#server/protocol/protocol.ts'

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
