import { type Problem, slugOf } from '#server/protocol/problems.ts'
import { createReconnect } from '#server/protocol/reconnect.ts'
import type { StreamBye } from '#server/protocol/streams.ts'
import type { ClientEvent, ClientOptions } from './client.ts'
import type { ResponseHead } from './response-reader.ts'

/** How far a client is in its stream, and whether it is let in: the same for every delivery. */
export class ClientPosition {
  /** The cursor to go on from; undefined: from the start of retention. */
  cursor: string | undefined
  readonly reconnect = createReconnect()
  #isOpen = false
  #openedAtMs: number | undefined
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
    this.#openedAtMs ??= performance.now()
    this.#letIn?.()
    this.#letIn = undefined
  }

  lost(): void {
    this.#isOpen = false
  }

  /** How long to wait, in ms, after the end of a connection; `bye` is the server's last word on it. */
  pauseAfter(bye?: StreamBye): number {
    const openedAtMs = this.#openedAtMs
    this.#openedAtMs = undefined
    // Whoever has lost a right or a session need not wait to be told so.
    if (bye?.reason === 'session-ended' || bye?.reason === 'right-ended') return 0
    if (bye) return this.reconnect.pauseMs({ type: 'bye', retryMs: bye.retryMs })
    if (openedAtMs === undefined) return this.reconnect.pauseMs({ type: 'failed' })
    return this.reconnect.pauseMs({ type: 'closed', stoodMs: performance.now() - openedAtMs })
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

/** What a client was refused, and how long the server wants it to wait; `isFinal`: it never tries again. */
export type Refused = { heard: ClientEvent & { type: 'refused' }; isFinal: boolean; adviceMs: number }

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

function refused(status: number, slug: string, adviceMs: number): Refused {
  return { heard: { type: 'refused', status, slug }, isFinal: !isTransient(status), adviceMs }
}

function slugIn(body: Buffer): string {
  try {
    return slugOf(JSON.parse(body.toString()))
  } catch {
    return ''
  }
}
