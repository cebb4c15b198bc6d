import type { Going } from './client.ts'

/** How far a client is in its stream, and whether it is let in: the same for every delivery. */
export class Place {
  /** The cursor to go on from; undefined: from the start of retention. */
  cursor: string | undefined
  /** Tries in a row that have failed. */
  failures = 0
  #isOpen = false
  #letIn: (() => void) | undefined

  constructor({ after, letIn }: Going) {
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
