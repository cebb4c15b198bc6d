import type { LaneEvent, LaneGoing } from './lane.ts'

/** A request as a page can make it, and what was told of it. */
export type RawRequest = { path: string; headers: Record<string, string> }

/** Sends it to the lane's server with the run's cookie, and tells the request and the head of its answer as text. */
export async function rawFetch(
  { origin, now }: LaneGoing,
  { path, headers }: RawRequest,
  tell: (event: LaneEvent) => void,
  signal: AbortSignal,
): Promise<Response> {
  const askedMs = now()
  tell({ type: 'asked', atMs: askedMs })
  const text = `GET ${path} HTTP/1.1\n${fields(Object.entries(headers))}`
  tell({ type: 'line', atMs: askedMs, line: { atMs: askedMs, direction: 'up', text } })
  return fetch(`${origin}${path}`, { headers, credentials: 'include', cache: 'no-store', signal })
}

/** The head of an answer: its status line, and the fields that a page of another origin is shown. */
export function headOf({ status, statusText, headers }: Response): string {
  return `HTTP/1.1 ${status} ${statusText}\n${fields(headers.entries())}`
}

function fields(pairs: Iterable<readonly [string, string]>): string {
  return [...pairs].map(([name, value]) => `${name}: ${value}\n`).join('')
}
