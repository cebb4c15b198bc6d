import type { Problem } from '#server/protocol/problems.ts'
import type { ResetReason, WireEntry } from '#server/protocol/streams.ts'
import type { Step, StreamSubject } from './clients/client.ts'
import { type Applied, applyEntries } from './position.ts'
import type { Wire } from './request.ts'

/** What a reader of a stream is called with. */
export type StreamListener<Data = unknown> = {
  /** Every entry once, in order; `live`: it happened while connected. */
  entries(entries: readonly WireEntry<Data>[], live: boolean): void
  /** Entries may be missing: reload what the page shows, then continue from its cursor. */
  reset?(head: string, reason?: ResetReason): void
  /** No longer the caller's to read, or never was. Nothing comes after this. */
  ended?(problem?: Problem): void
}

/** Entries in the order of the log, the last of which lies at `through`. */
export type Page = { entries: readonly WireEntry[]; through: string }

/** One reader of a stream, with a position of its own. */
export type Reader = {
  /** Its position: a cursor, or `now` until a head is known. */
  cursor(): string
  readonly background: boolean
  /** It is being served: what came before the acknowledgement was for other readers. */
  begin(head: string): void
  /** The transport has ended; the next one calls `begin`. */
  rest(): void
  take(page: Page, missedUpTo: number): void
  reset(head: string, reason?: ResetReason): void
  end(problem?: Problem): void
  stop(): void
}

export type ReaderOptions = {
  subject: StreamSubject
  listener: StreamListener
  background: boolean
  wire: Wire
  /** Receives what the listener throws. */
  report(fault: unknown): void
  /** Something was delivered, or the position has moved. */
  moved(): void
  /** A gap could not be filled: the stream must be followed again from the position. */
  lost(): void
  /** The stream is not the caller's to read. */
  refused(problem: Problem): void
}

/** Gives the pages that come for a stream to one listener: each entry once and in order, gaps filled by asking. */
export function createReader({ subject, listener, background, ...options }: ReaderOptions): Reader {
  const position = { ...subject }
  const left = new AbortController()
  let begun = false
  let work: Promise<void> = Promise.resolve()

  const queue = (job: () => Promise<void> | void) => {
    work = work
      .then(() => (left.signal.aborted ? undefined : job()))
      // If a listener throws, the stream is not at fault and continues.
      .catch(options.report)
  }

  async function give(steps: AsyncGenerator<Step, Applied>) {
    for (;;) {
      const { value, done } = await steps.next()
      if (left.signal.aborted) return
      if (done) {
        if (value === 'lost') options.lost()
        return
      }
      tell(value)
    }
  }

  function tell(step: Step) {
    switch (step.type) {
      case 'entries':
        listener.entries(step.entries, step.live)
        return options.moved()
      case 'reset':
        listener.reset?.(step.head, step.reason)
        return options.moved()
      case 'signed-out':
        return options.lost()
      case 'refused':
        return options.refused(step.problem)
    }
  }

  return {
    cursor: () => position.after,
    background,
    begin(head) {
      begun = true
      queue(() => {
        if (position.after === 'now') position.after = head
      })
    },
    rest() {
      begun = false
    },
    take(page, missedUpTo) {
      if (!begun) return
      queue(() => give(applyEntries(position, { ...page }, missedUpTo, options.wire, left.signal)))
    },
    reset(head, reason) {
      if (!begun) return
      queue(() => {
        position.after = head
        tell({ type: 'reset', head, reason })
      })
    },
    end(problem) {
      if (left.signal.aborted) return
      left.abort()
      listener.ended?.(problem)
    },
    stop: () => left.abort(),
  }
}
