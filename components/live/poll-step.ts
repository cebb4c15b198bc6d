import type { Problem } from '#server/protocol/protocol.ts'
import type { Answer } from './ask.ts'

/** Short: ask, and ask again later. Long: ask, and let the server hold the answer until there is news. */
export type Mode = 'short' | 'long'

/** What to poll: a resource by its `url`, or a stream, whose next URL is the one `after` a cursor. */
export type Subject = { url: string; after?: (cursor: string) => string }

/** What a poll goes through, in the order in which it yields it. */
export type PollStep<T> =
  | { type: 'paused' }
  | { type: 'asking'; held: boolean }
  | Exclude<Answer<T>, { type: 'interrupted' | 'failed' }>
  | { type: 'failed'; problem?: Problem; nextAskAtMs: number }
  | { type: 'waiting'; adviceMs: number; nextAskAtMs: number }
  | { type: 'ended' }
