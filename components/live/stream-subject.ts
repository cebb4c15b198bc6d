import type { Subject } from './poll-step.ts'

/** A stream to poll: from `after` (a cursor, or `now` for new entries only), then on from each page's `next`. */
export function streamSubject(name: string, after = 'now'): Subject {
  const urlAfter = (cursor: string) => `/api/streams/${encodeURIComponent(name)}?after=${cursor}`
  return { url: urlAfter(after), after: urlAfter }
}
