import { type Problem, slugOf } from '#server/protocol/problems.ts'
import { createReconnect } from '#server/protocol/reconnect.ts'
import type { StreamBye } from '#server/protocol/streams.ts'
import type { ClientEvent, ClientOptions } from './client.ts'
import type { ResponseHead } from './response-reader.ts'

/** A client's position in its stream, and whether it is admitted: the same for every delivery. */
export class ClientPosition {
  /** The cursor to continue from; undefined: from the start of retention. */
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

  /** It is connected and has caught up. */
  opened(): void {
    this.#isOpen = true
    this.#openedAtMs ??= performance.now()
    this.#letIn?.()
    this.#letIn = undefined
  }

  lost(): void {
    this.#isOpen = false
  }

  /** How long to wait after a connection has ended, in ms; `bye` is the server's last message on it. */
  pauseAfter(bye?: StreamBye): number {
    const openedAtMs = this.#openedAtMs
    this.#openedAtMs = undefined
    // A client that has lost its access or its session reconnects at once, and is refused.
    if (bye?.reason === 'session-ended' || bye?.reason === 'right-ended') return 0
    if (bye) return this.reconnect.pauseMs({ type: 'bye', retryMs: bye.retryMs })
    if (openedAtMs === undefined) return this.reconnect.pauseMs({ type: 'failed' })
    return this.reconnect.pauseMs({ type: 'closed', stoodMs: performance.now() - openedAtMs })
  }

  /** Whether it has reached the cursor `head`. */
  reaches(head: string): boolean {
    return seqOf(this.cursor ?? '.0') >= seqOf(head)
  }
}

/** The seq of a cursor. */
export function seqOf(cursor: string): number {
  return Number(cursor.slice(cursor.indexOf('.') + 1))
}

/** A client's refusal, and how long the server asks it to wait; `isFinal`: the client never retries. */
export type Refused = { heard: ClientEvent & { type: 'refused' }; isFinal: boolean; adviceMs: number }

/** A refusal over HTTP: a problem document, or a proxy's error page. */
export function refusalFromResponse(head: ResponseHead, body: Buffer): Refused {
  return refused(head.status, slugIn(body), Number(head.field('retry-after') ?? 0) * 1_000)
}

export function refusalFromProblem(problem: Problem): Refused {
  return refused(problem.status, slugOf(problem), problem.retryAfterMs ?? 0)
}

/** Whether a refusal is not the client's own fault. 408: a stalled connection delivered the request too late. */
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
