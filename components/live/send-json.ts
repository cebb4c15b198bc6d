import type { Problem } from '#server/protocol/problems.ts'
import { type Fetch, readProblem } from './request.ts'

/** What became of a write: done, refused with a reason, or nobody knows, for no answer came. */
export type Sent<T> =
  | { state: 'done'; value: T; replayed: boolean }
  | { state: 'refused'; problem: Problem }
  | Unanswered

/** Nobody knows whether it was done: no answer came, or one (`problem`) that does not tell. */
export type Unanswered = { state: 'unanswered'; problem?: Problem }

/**
 * What a write came to that was answered with a problem. A server that fails or loses its database in the middle, and a
 * proxy that gives up on the server, cannot know whether it was done: only a refusal of the client's own fault can.
 */
export function notDone(problem: Problem): Exclude<Sent<never>, { state: 'done' }> {
  const tells = problem.status < 500 && problem.status !== 408
  return tells ? { state: 'refused', problem } : { state: 'unanswered', problem }
}

/** Why nobody knows, as a sentence. */
export function unansweredWords({ problem }: Unanswered): string {
  if (!problem) return 'The server didn’t respond.'
  return `The server couldn’t answer: ${problem.detail ?? problem.title}.`
}

/** Posts `body`, if there is one, as JSON. With a `key` the write happens once, however often it is sent. Never rejects. */
export async function sendJson<T>(
  fetch: Fetch,
  url: string,
  body?: unknown,
  key?: string,
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' = 'POST',
): Promise<Sent<T>> {
  try {
    const response = await fetch(url, {
      method,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(key && { 'Idempotency-Key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) return notDone(await readProblem(response))
    const replayed = response.headers.get('idempotent-replayed') === 'true'
    // A write with nothing to tell is answered without a body.
    const value = (response.status === 204 ? undefined : await response.json()) as T
    return { state: 'done', value, replayed }
  } catch {
    // The connection was cut before or after the server acted; only a retry with the same key can tell.
    return { state: 'unanswered' }
  }
}

/** A fresh idempotency key: 128 random bits. `randomUUID` would need https. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
