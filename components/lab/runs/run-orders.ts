import { browserClock } from '#components/live/clock.ts'
import { pageFetch } from '#components/live/page-viewer.ts'
import { request } from '#components/live/request.ts'
import { type Sent, sendJson, unansweredWords } from '#components/live/send-json.ts'
import type { ClusterAction, StoryMode } from '#server/protocol/lab.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { type Problem, slugOf } from '#server/protocol/problems.ts'

/**
 * Starts a run; refused while another is running (`invalid-state`), and where runs may not be started (`forbidden`).
 */
export function startRun(order: RunOrder): Promise<Sent<WireRun>> {
  return tell<WireRun>('POST', '', order)
}

/** Ends a run early; what was measured until then is kept. */
export function stopRun(id: string): Promise<Sent<WireRun>> {
  return tell<WireRun>('POST', `/${id}/stop`)
}

/** Changes how the polled server of the running story responds. */
export function setMode(id: string, mode: StoryMode): Promise<Sent<unknown>> {
  return tell('POST', `/${id}/mode`, { mode })
}

/** Sends an action to the running cluster; its outcome arrives on the run's stream. */
export function actOnCluster(id: string, action: ClusterAction): Promise<Sent<unknown>> {
  return tell('POST', `/${id}/actions`, { action })
}

export function nameRun(id: string, name: string): Promise<Sent<WireRun>> {
  return tell<WireRun>('PATCH', `/${id}`, { name })
}

/** Deletes a run and its report for good. */
export function deleteRun(id: string): Promise<Sent<unknown>> {
  return tell('DELETE', `/${id}`)
}

/** Why a request to the lab was not carried out, as a sentence. */
export function whyNot(sent: Exclude<Sent<unknown>, { state: 'done' }>): string {
  return sent.state === 'unanswered'
    ? `${unansweredWords(sent)} It may have gone through. Reload to check.`
    : problemText(sent.problem)
}

/** A problem as a sentence; the lab's own problems in its own words. */
function problemText(problem: Problem): string {
  switch (slugOf(problem)) {
    case 'invalid-state':
      return (
        problem.detail ??
        'Another run is in progress. Only one can run at a time, so that runs don’t affect each other.'
      )
    case 'forbidden':
      return (
        problem.detail ??
        'You can start, name and delete runs only in demo mode, on this machine, when one process has all roles.'
      )
    case 'not-found':
      return 'This run no longer exists.'
    default:
      return problem.detail ?? problem.title
  }
}

function tell<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<Sent<T>> {
  return sendJson<T>(pageFetch, `/api/lab/runs${path}`, body, undefined, method)
}

/** `missing`: there is nothing of that name. `interrupted`: the caller left. */
type LabAnswer<T> =
  | { type: 'read'; value: T }
  | { type: 'missing' }
  | { type: 'failed'; why: string }
  | { type: 'interrupted' }

/** Reads from the lab's API, `path` below `/api/lab`. Never rejects. */
export async function askLab<T>(path: string, signal: AbortSignal): Promise<LabAnswer<T>> {
  const wire = { fetch: pageFetch, clock: browserClock }
  const answer = await request<T>({ url: `/api/lab${path}` }, 0, wire, signal)
  switch (answer.type) {
    case 'changed':
      return { type: 'read', value: answer.value }
    case 'interrupted':
      return answer
    case 'refused':
      if (answer.problem.status === 404 || answer.problem.status === 400) return { type: 'missing' }
      return { type: 'failed', why: problemText(answer.problem) }
    case 'failed':
    case 'signed-out':
      return { type: 'failed', why: answer.problem ? problemText(answer.problem) : noAnswer }
    default:
      return { type: 'failed', why: noAnswer }
  }
}

const noAnswer = 'No response from the server.'

/** Why a stream of the lab has stalled, while it has. */
export function whyStill(view: { state: string; lastError: Problem | undefined }): string | undefined {
  if (view.state === 'offline') return 'No response from the server. This page retries automatically.'
  return view.lastError && problemText(view.lastError)
}
