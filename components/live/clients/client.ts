import type { Problem } from '#server/protocol/problems.ts'
import type { ResetReason, StreamBye, StreamReady, WireEntry } from '#server/protocol/streams.ts'
import type { FallbackReason } from '../fallback.ts'
import type { PageActivity, Wakefulness } from '../liveness.ts'
import type { Wire } from '../request.ts'

/**
 * What a client follows, and how far it has come: a stream (its name on the wire, `me` included) after a cursor, `now`,
 * or `''` for all that retention has kept; or a resource that has an ETag. The client moves it.
 */
export type StreamSubject = { name: string; after: string; etag?: string }
export type ResourceSubject = { url: string; etag?: string }
export type Subject = StreamSubject | ResourceSubject

export type ClientOptions = Wire & {
  activity: PageActivity
  /** How often a poll asks when the server gives no advice, in ms. Without it, no advice means: this state is final. */
  everyMs?: number | (() => number)
  random?: () => number
  signal: AbortSignal
}

/** What a client goes through, in the order in which it yields it. Cursors name the last entry seen. */
export type Step<Data = unknown> =
  | { type: 'paused' }
  /** A connection is on its way; what is polled is `requesting`, held by the server or not. */
  | { type: 'opening' }
  | { type: 'requesting'; held: boolean }
  /** The connection stands. */
  | { type: 'opened' }
  | ({ type: 'ready'; cursor: string } & StreamReady)
  /** `live`: they happened while the connection stood. Otherwise they were missed, and are caught up with. */
  | { type: 'entries'; entries: WireEntry<Data>[]; cursor: string; live: boolean }
  /** A resource has another value. */
  | { type: 'changed'; value: Data; etag?: string; adviceMs?: number }
  | { type: 'not-modified'; cursor?: string; adviceMs?: number }
  | { type: 'beat'; at: string }
  | { type: 'reset'; head: string; reason?: ResetReason }
  /** The next poll is not yet due. */
  | { type: 'waiting'; adviceMs: number; nextTryAtMs: number }
  /** The connection has ended without a word, or with the server's `bye`. */
  | { type: 'closed'; nextTryAtMs: number }
  | ({ type: 'bye'; nextTryAtMs: number } & Pick<StreamBye, 'reason'>)
  | { type: 'failed'; problem?: Problem; nextTryAtMs: number }
  /** From here on another way, until this one is tried again. */
  | { type: 'fallback'; why: FallbackReason; nextTryAtMs: number }
  /** There is nothing more to poll for. */
  | { type: 'ended' }
  | { type: 'signed-out'; problem?: Problem }
  | { type: 'refused'; problem: Problem }

/** How one exchange, or one connection, came to its end. */
export type End =
  /** Look again at once. `suspect`: and watch what comes then. */
  | { type: 'interrupted' | 'suspect' }
  /** For good; the last step said why. */
  | { type: 'over' }
  /** All is well: the next request follows, after the pause that the server or the page wants. */
  | { type: 'answered'; pauseMs: number; adviceMs?: number }
  | { type: 'failed'; problem?: Problem; adviceMs?: number }
  | { type: 'closed'; stoodMs: number; atOnce?: boolean }
  | ({ type: 'bye' } & StreamBye)
  /** Something in between blocks this transport. */
  | { type: 'blocked'; why: FallbackReason }

/** One try: yields what comes until it ends, and returns how. Ends when `interrupted` aborts; never throws. */
export type Attempt<Data = unknown> = (interrupted: AbortSignal) => AsyncGenerator<Step<Data>, End>

/** A client of one delivery. What it keeps from one try to the next lives in what it returns. */
export type Client<S extends Subject = StreamSubject> = <Data>(
  subject: S,
  options: ClientOptions & { awake: Wakefulness },
) => {
  attempt: Attempt<Data>
  /** Nothing is known to be in the way of this transport. */
  isClear?(): boolean
  /** Another way for as long as this one is blocked. */
  fallback?(options: ClientOptions): AsyncGenerator<Step<Data>, 'over' | 'aborted'>
}

/** Where a subject is asked for. */
export function urlOf(subject: Subject): string {
  if ('url' in subject) return subject.url
  const { name, after } = subject
  return `/api/streams/${encodeURIComponent(name)}${after && `?after=${after}`}`
}
