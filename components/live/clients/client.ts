import type { Problem } from '#server/protocol/problems.ts'
import type { ResetReason, StreamBye, StreamReady, WireEntry } from '#server/protocol/streams.ts'
import type { FallbackReason } from '../fallback.ts'
import type { PageActivity, Wakefulness } from '../liveness.ts'
import type { Wire } from '../request.ts'

/**
 * What a client follows, and its position, which the client advances: a stream (its name on the wire, `me` included)
 * after a cursor, `now`, or `''` for everything that retention has kept; or a resource with an ETag.
 */
export type StreamSubject = { name: string; after: string; etag?: string }
export type ResourceSubject = { url: string; etag?: string }
export type Subject = StreamSubject | ResourceSubject

export type ClientOptions = Wire & {
  activity: PageActivity
  /** The poll interval in ms when the server gives no advice. Without it, no advice means that the state is final. */
  everyMs?: number | (() => number)
  random?: () => number
  signal: AbortSignal
}

/** What a client reports, in the order it happens. Cursors name the last entry seen. */
export type Step<Data = unknown> =
  | { type: 'paused' }
  /** A connection is being opened. A poll under way is `requesting`, whether the server holds it or not. */
  | { type: 'opening' }
  | { type: 'requesting'; held: boolean }
  /** The connection is open. */
  | { type: 'opened' }
  | ({ type: 'ready'; cursor: string } & StreamReady)
  /** `live`: the entries happened while connected. Otherwise they were missed, and this is catching up. */
  | { type: 'entries'; entries: WireEntry<Data>[]; cursor: string; live: boolean }
  /** The resource has a new value. */
  | { type: 'changed'; value: Data; etag?: string; adviceMs?: number }
  | { type: 'not-modified'; cursor?: string; adviceMs?: number }
  | { type: 'beat'; at: string }
  | { type: 'reset'; head: string; reason?: ResetReason }
  /** The next poll is not yet due. */
  | { type: 'waiting'; adviceMs: number; nextTryAtMs: number }
  /** The connection ended without a message, or with the server's `bye`. */
  | { type: 'closed'; nextTryAtMs: number }
  | ({ type: 'bye'; nextTryAtMs: number } & Pick<StreamBye, 'reason'>)
  | { type: 'failed'; problem?: Problem; nextTryAtMs: number }
  /** The fallback takes over until this transport is tried again. */
  | { type: 'fallback'; why: FallbackReason; nextTryAtMs: number }
  /** The resource is final; no more polls. */
  | { type: 'ended' }
  | { type: 'signed-out'; problem?: Problem }
  | { type: 'refused'; problem: Problem }

/** How one exchange, or one connection, ended. */
export type End =
  /** Retry at once. `suspect`: buffering is suspected, and the next attempt checks for it. */
  | { type: 'interrupted' | 'suspect' }
  /** Final; the last step says why. */
  | { type: 'over' }
  /** The exchange succeeded: the next request follows after the pause that the server or the page asks for. */
  | { type: 'answered'; pauseMs: number; adviceMs?: number }
  | { type: 'failed'; problem?: Problem; adviceMs?: number }
  | { type: 'closed'; stoodMs: number; atOnce?: boolean }
  | ({ type: 'bye' } & StreamBye)
  /** Something on the path blocks this transport. */
  | { type: 'blocked'; why: FallbackReason }

/** One attempt: yields steps until it ends, and returns how it ended. Ends when `interrupted` aborts; never throws. */
export type Attempt<Data = unknown> = (interrupted: AbortSignal) => AsyncGenerator<Step<Data>, End>

/** A client of one delivery. Its state between attempts lives in what it returns. */
export type Client<S extends Subject = StreamSubject> = <Data>(
  subject: S,
  options: ClientOptions & { awake: Wakefulness },
) => {
  attempt: Attempt<Data>
  /** Whether nothing is known to block this transport. */
  isClear?(): boolean
  /** What to use while this transport is blocked. */
  fallback?(options: ClientOptions): AsyncGenerator<Step<Data>, 'over' | 'aborted'>
}

/** The URL at which a subject is polled. */
export function urlOf(subject: Subject): string {
  if ('url' in subject) return subject.url
  const { name, after } = subject
  return `/api/streams/${encodeURIComponent(name)}${after && `?after=${after}`}`
}
