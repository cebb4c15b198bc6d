import type { Problem } from '#server/protocol/problems.ts'
import type { ResetReason, WireEntry } from '#server/protocol/streams.ts'
import type { Step, StreamSubject } from './clients/client.ts'
import { type Applied, applyEntries } from './position.ts'
import type { Wire } from './request.ts'

/** The callbacks of a stream's reader. */
export type StreamListener<Data = unknown> = {
  /** Each entry once, in order; `live`: it happened while connected. */
  entries(entries: readonly WireEntry<Data>[], live: boolean): void
  /** Entries may be missing: reload what the page shows, then continue from its cursor. */
  reset?(head: string, reason?: ResetReason): void
  /** The caller may no longer read it, or never could. Nothing follows. */
  ended?(problem?: Problem): void
}

/** Entries in log order, the last of which is at `through`. */
export type Page = { entries: readonly WireEntry[]; through: string }

/** One reader of a stream, with its own position. */
export type Reader = {
  /** Its position: a cursor, or `now` until a head is known. */
  cursor(): string
  readonly background: boolean
  /** Delivery has started; earlier entries were for other readers. */
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
  /** The caller may not read the stream. */
  refused(problem: Problem): void
}

/** Delivers a stream's pages to one listener: each entry once and in order, with gaps filled by requests. */
export function createReader({ subject, listener, background, ...options }: ReaderOptions): Reader {
  const position = { ...subject }
  const left = new AbortController()
  let begun = false
  let work: Promise<void> = Promise.resolve()

  const queue = (job: () => Promise<void> | void) => {
    work = work
      .then(() => (left.signal.aborted ? undefined : job()))
      // A listener that throws does not stop the stream.
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
