import type { Problem } from '#server/protocol/problems.ts'
import { type Fetch, readProblem } from './request.ts'

/** The outcome of a write: done, refused with a reason, or unknown because no response came. */
export type Sent<T> =
  | { state: 'done'; value: T; replayed: boolean }
  | { state: 'refused'; problem: Problem }
  | Unanswered

/** Unknown whether it was done: no response came, or one (`problem`) that does not say. */
export type Unanswered = { state: 'unanswered'; problem?: Problem }

/**
 * The outcome of a write whose response is a problem. A server that fails or loses its database midway, or a proxy that
 * gives up on the server, cannot know whether the write happened; only a refusal that is the client's fault is certain.
 */
export function notDone(problem: Problem): Exclude<Sent<never>, { state: 'done' }> {
  const tells = problem.status < 500 && problem.status !== 408
  return tells ? { state: 'refused', problem } : { state: 'unanswered', problem }
}

/** Why the outcome is unknown, as a sentence. */
export function unansweredWords({ problem }: Unanswered): string {
  if (!problem) return 'The server didn’t respond.'
  return `The server couldn’t answer: ${problem.detail ?? problem.title}.`
}

/** Posts `body`, if any, as JSON. With a `key` the write happens once, however often it is sent. Never rejects. */
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
    // A write that returns nothing is answered without a body.
    const value = (response.status === 204 ? undefined : await response.json()) as T
    return { state: 'done', value, replayed }
  } catch {
    // The connection was cut before or after the server acted; only a retry with the same key can find out.
    return { state: 'unanswered' }
  }
}

/** A fresh idempotency key: 128 random bits. `randomUUID` would need https. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
