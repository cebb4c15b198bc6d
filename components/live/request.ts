import type { Problem } from '#server/protocol/problems.ts'
import type { ResetReason } from '#server/protocol/streams.ts'
import type { Clock } from './clock.ts'
import { noteServerClock } from './server-clock.ts'

/** What to poll: the URL, and the ETag of the value already held. */
export type Target = { url: string; etag?: string }

/** How one exchange ended. `adviceMs` is the server's `Retry-After`. */
export type PollResponse<T> =
  | { type: 'changed'; value: T; etag?: string; adviceMs?: number }
  | { type: 'not-modified'; status: 204 | 304; adviceMs?: number }
  | { type: 'reset'; head: string; reason?: ResetReason }
  | { type: 'failed'; problem?: Problem; adviceMs?: number }
  | { type: 'signed-out'; problem: Problem }
  | { type: 'refused'; problem: Problem }
  | { type: 'interrupted' }

/** `fetch` as the connection loops use it; may be wrapped by a recorder. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export type Wire = { fetch: Fetch; clock: Clock }

/** How late the server's response may be, in ms, before the connection counts as cut. */
const graceMs = 10_000

/**
 * Makes one conditional request, which the server may hold for `waitSeconds`, and returns how it ended.
 * Never rejects: a connection that is cut, goes silent or sends nonsense is `failed`; an aborted `signal` is
 * `interrupted`.
 */
export async function request<T>(
  target: Target,
  waitSeconds: number,
  wire: Wire,
  signal: AbortSignal,
): Promise<PollResponse<T>> {
  const answered = new AbortController()
  const silent = new AbortController()
  void wire.clock.sleep(waitSeconds * 1_000 + graceMs, answered.signal).then(() => {
    if (!answered.signal.aborted) silent.abort()
  })
  const openedMs = wire.clock.now()
  try {
    const response = await wire.fetch(target.url, {
      headers: headersFor(target, waitSeconds),
      // Otherwise the browser's cache would turn our 304 into its stored 200.
      cache: 'no-store',
      signal: AbortSignal.any([signal, silent.signal]),
    })
    const answeredMs = wire.clock.now()
    noteServerClock({ openedMs, answeredMs, date: response.headers.get('date'), entries: [] })
    return await read<T>(response, answeredMs)
  } catch {
    // Cut, silent or unreadable: the same to the caller, and there is no response to take a reason from.
    return { type: signal.aborted ? 'interrupted' : 'failed' }
  } finally {
    answered.abort()
  }
}

function headersFor({ etag }: Target, waitSeconds: number): HeadersInit {
  return {
    Accept: 'application/json',
    ...(etag && { 'If-None-Match': etag }),
    ...(waitSeconds > 0 && { Prefer: `wait=${waitSeconds}` }),
  }
}

async function read<T>(response: Response, nowMs: number): Promise<PollResponse<T>> {
  const { status, headers } = response
  const adviceMs = retryAfterMs(headers, nowMs)
  if (status === 304 || status === 204) return { type: 'not-modified', status, adviceMs }
  if (response.ok) {
    return {
      type: 'changed',
      value: (await response.json()) as T,
      etag: headers.get('etag') ?? undefined,
      adviceMs,
    }
  }
  return readRefusal(response, nowMs)
}

/** The result of a response that is not a success. */
export async function readRefusal(
  response: Response,
  nowMs: number,
): Promise<Exclude<PollResponse<never>, { type: 'changed' | 'not-modified' | 'interrupted' }>> {
  const { status, headers } = response
  const adviceMs = retryAfterMs(headers, nowMs)
  const problem = await readProblem(response)
  if (status === 410 && problem.head) return { type: 'reset', head: problem.head, reason: problem.reason }
  if (status === 401) return { type: 'signed-out', problem }
  // 408: the request arrived too late over a stalled connection.
  if (status === 408 || status === 429 || status >= 500) return { type: 'failed', problem, adviceMs }
  return { type: 'refused', problem }
}

/** The problem in a response (RFC 9457), or one made from its status line if an intermediary wrote it. */
export async function readProblem(response: Response): Promise<Problem> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const { status, statusText } = response
  const spoken = response.headers.get('content-type')?.includes('problem+json')
  const body = spoken
    ? ((await response.json()) as Problem)
    : { type: 'about:blank', title: statusText || 'No reason given', status }
  const seconds = response.headers.get('retry-after')
  // The same field as over a socket, where there are no headers.
  const advice = seconds && /^\d+$/.test(seconds) ? { retryAfterMs: Number(seconds) * 1_000 } : {}
  return { requestId, ...advice, ...body }
}

/**
 * `Retry-After` (RFC 9110, 10.2.3) in ms from now: seconds, or a date, which is read against the `Date` header beside
 * it.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const writtenMs = Date.parse(headers.get('date') ?? '') || nowMs
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - writtenMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
