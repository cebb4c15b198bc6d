import { fullJitterMs } from '#server/protocol/full-jitter.ts'
import { type Problem, slugOf } from '#server/protocol/problems.ts'
import type { ClientEvent, ClientOptions } from './client.ts'
import type { ResponseHead } from './response-reader.ts'

/** How far a client is in its stream, and whether it is let in: the same for every delivery. */
export class ClientPosition {
  /** The cursor to go on from; undefined: from the start of retention. */
  cursor: string | undefined
  /** Tries in a row that have failed. */
  failures = 0
  #isOpen = false
  #letIn: (() => void) | undefined

  constructor({ after, letIn }: ClientOptions) {
    this.cursor = after
    this.#letIn = letIn
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** It is connected, and has all that was there. */
  opened(): void {
    this.#isOpen = true
    this.failures = 0
    this.#letIn?.()
    this.#letIn = undefined
  }

  lost(): void {
    this.#isOpen = false
  }

  /** Whether it has come as far as `head`, a cursor. */
  reaches(head: string): boolean {
    return seqOf(this.cursor ?? '.0') >= seqOf(head)
  }
}

/** The seq of a cursor. */
export function seqOf(cursor: string): number {
  return Number(cursor.slice(cursor.indexOf('.') + 1))
}

/** What a client was refused, and when it tries again; undefined when it never does. */
export type Refused = { heard: ClientEvent & { type: 'refused' }; againMs: number | undefined }

/** A refusal over HTTP: a problem, or what a proxy has to say. */
export function refusalFromResponse(head: ResponseHead, body: Buffer): Refused {
  return refused(head.status, slugIn(body), Number(head.field('retry-after') ?? 0) * 1_000)
}

export function refusalFromProblem(problem: Problem): Refused {
  return refused(problem.status, slugOf(problem), problem.retryAfterMs ?? 0)
}

/** Whether a refusal is not the client's own fault. 408: a line that stood still brought the request too late. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

/** What may pass is tried again, not all at once. */
function refused(status: number, slug: string, adviceMs: number): Refused {
  const againMs = isTransient(status) ? adviceMs + fullJitterMs(1) : undefined
  return { heard: { type: 'refused', status, slug }, againMs }
}

function slugIn(body: Buffer): string {
  try {
    return slugOf(JSON.parse(body.toString()))
  } catch {
    return ''
  }
}
