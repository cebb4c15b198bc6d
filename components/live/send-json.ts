import type { Problem } from '#server/protocol.ts'
import { type Fetch, readProblem } from './ask.ts'

/** What became of a write: done, refused with a reason, or nobody knows, for no answer came. */
export type Sent<T> =
  | { state: 'done'; value: T; replayed: boolean }
  | { state: 'refused'; problem: Problem }
  | { state: 'unanswered' }

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
    if (!response.ok) return { state: 'refused', problem: await readProblem(response) }
    const replayed = response.headers.get('idempotent-replayed') === 'true'
    // A write with nothing to tell is answered without a body.
    const value = (response.status === 204 ? undefined : await response.json()) as T
    return { state: 'done', value, replayed }
  } catch {
    // The line was cut before or after the server acted; only the same key, sent again, can tell.
    return { state: 'unanswered' }
  }
}

/** A fresh idempotency key: 128 random bits. `randomUUID` would need https. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
