import type { Problem } from '#server/protocol/problems.ts'
import type { ResetReason } from '#server/protocol/streams.ts'
import type { Clock } from './clock.ts'
import { noteServerClock } from './server-clock.ts'

/** Where a poll stands: the URL to ask, and the validator of what it holds already. */
export type Target = { url: string; etag?: string }

/** What one exchange came to. `adviceMs` is the server's `Retry-After`. */
export type PollResponse<T> =
  | { type: 'changed'; value: T; etag?: string; adviceMs?: number }
  | { type: 'not-modified'; status: 204 | 304; adviceMs?: number }
  | { type: 'reset'; head: string; reason?: ResetReason }
  | { type: 'failed'; problem?: Problem; adviceMs?: number }
  | { type: 'signed-out'; problem: Problem }
  | { type: 'refused'; problem: Problem }
  | { type: 'interrupted' }

/** `fetch` as the live loops use it; a recorder may stand in between. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>

export type Wire = { fetch: Fetch; clock: Clock }

/** How late the server may be, in ms, before the connection counts as cut. */
const graceMs = 10_000

/**
 * Makes one conditional request, held by the server for up to `waitSeconds`, and says what it came to.
 *
 * Never rejects: a connection that is cut, silent or sends nonsense is `failed`, an aborted `signal` is `interrupted`.
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
      // The browser's own cache would answer our 304 with its stored 200.
      cache: 'no-store',
      signal: AbortSignal.any([signal, silent.signal]),
    })
    const answeredMs = wire.clock.now()
    noteServerClock({ openedMs, answeredMs, date: response.headers.get('date'), entries: [] })
    return await read<T>(response, answeredMs)
  } catch {
    // Cut, silent or unreadable: for the caller the same, and there is no answer to take a reason from.
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

/** What an answer that is not a good one comes to. */
export async function readRefusal(
  response: Response,
  nowMs: number,
): Promise<Exclude<PollResponse<never>, { type: 'changed' | 'not-modified' | 'interrupted' }>> {
  const { status, headers } = response
  const adviceMs = retryAfterMs(headers, nowMs)
  const problem = await readProblem(response)
  if (status === 410 && problem.head) return { type: 'reset', head: problem.head, reason: problem.reason }
  if (status === 401) return { type: 'signed-out', problem }
  // 408: a stalled connection delivered the request too late.
  if (status === 408 || status === 429 || status >= 500) return { type: 'failed', problem, adviceMs }
  return { type: 'refused', problem }
}

/** The problem in an answer (RFC 9457), or one made of its status line when something between us and the server spoke. */
export async function readProblem(response: Response): Promise<Problem> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const { status, statusText } = response
  const spoken = response.headers.get('content-type')?.includes('problem+json')
  const body = spoken
    ? ((await response.json()) as Problem)
    : { type: 'about:blank', title: statusText || 'No reason given', status }
  const seconds = response.headers.get('retry-after')
  // As over a socket, where there are no headers.
  const advice = seconds && /^\d+$/.test(seconds) ? { retryAfterMs: Number(seconds) * 1_000 } : {}
  return { requestId, ...advice, ...body }
}

/**
 * `Retry-After` (RFC 9110, 10.2.3) in ms from now: seconds, or a date, which is of the clock that wrote `Date` beside it.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const value = headers.get('retry-after')
  if (value === null) return undefined
  const writtenMs = Date.parse(headers.get('date') ?? '') || nowMs
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - writtenMs
  return Number.isNaN(ms) ? undefined : Math.max(0, ms)
}
