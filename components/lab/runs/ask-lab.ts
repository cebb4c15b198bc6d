import { ask } from '#components/live/ask.ts'
import { browserClock } from '#components/live/clock.ts'
import { pageFetch } from '#components/live/page-viewer.ts'
import type { Problem } from '#server/protocol/protocol.ts'
import { saidOf } from './run-orders.ts'

/** `missing`: there is nothing of that name. `interrupted`: the caller left. */
export type LabAnswer<T> =
  | { type: 'read'; value: T }
  | { type: 'missing' }
  | { type: 'failed'; why: string }
  | { type: 'interrupted' }

/** Reads from the lab's API, `path` below `/api/lab`. Never rejects. */
export async function askLab<T>(path: string, signal: AbortSignal): Promise<LabAnswer<T>> {
  const wire = { fetch: pageFetch, clock: browserClock }
  const answer = await ask<T>({ url: `/api/lab${path}` }, 0, wire, signal)
  switch (answer.type) {
    case 'news':
      return { type: 'read', value: answer.value }
    case 'interrupted':
      return answer
    case 'refused':
      if (answer.problem.status === 404 || answer.problem.status === 400) return { type: 'missing' }
      return { type: 'failed', why: saidOf(answer.problem) }
    case 'failed':
    case 'signed-out':
      return { type: 'failed', why: answer.problem ? saidOf(answer.problem) : noAnswer }
    default:
      return { type: 'failed', why: noAnswer }
  }
}

const noAnswer = 'No answer came.'

/** Why a stream of the lab does not go on, while it does not. */
export function whyStill(view: { state: string; lastError: Problem | undefined }): string | undefined {
  if (view.state === 'offline') return 'No answer comes; the page goes on by itself when one does.'
  return view.lastError && saidOf(view.lastError)
}
