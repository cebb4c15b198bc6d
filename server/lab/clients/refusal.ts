import { backoffMs } from '#components/live/backoff.ts'
import { type Problem, slugOf } from '#server/protocol/protocol.ts'
import type { AnswerHead } from './answer-reader.ts'
import type { Heard } from './client.ts'

/** What a client was refused, and when it tries again; undefined when it never does. */
export type Refused = { heard: Heard & { type: 'refused' }; againMs: number | undefined }

/** A refusal over HTTP: a problem, or what a proxy has to say. */
export function refusedOver(head: AnswerHead, body: Buffer): Refused {
  return refused(head.status, slugIn(body), Number(head.field('retry-after') ?? 0) * 1_000)
}

export function refusedBy(problem: Problem): Refused {
  return refused(problem.status, slugOf(problem), problem.retryAfterMs ?? 0)
}

/** Whether a refusal is not the client's own fault. 408: a line that stood still brought the request too late. */
export function mayPass(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** What may pass is tried again, not all at once. */
function refused(status: number, slug: string, adviceMs: number): Refused {
  const againMs = mayPass(status) ? adviceMs + backoffMs(1) : undefined
  return { heard: { type: 'refused', status, slug }, againMs }
}

function slugIn(body: Buffer): string {
  try {
    return slugOf(JSON.parse(body.toString()))
  } catch {
    return ''
  }
}
