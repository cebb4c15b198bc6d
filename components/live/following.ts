import type { Problem } from '#server/protocol/protocol.ts'
import { createReader, type Page, type Reader, type ReaderOptions } from './following-reader.ts'
import { isBeyond, seqOf } from './stream-place.ts'

/** What was missed when the stream was last begun: `done` of `of` entries have come. */
export type CaughtUp = { done: number; of: number }

/** A stream that is followed on this page, for all who read it. */
export type Following = {
  readonly name: string
  /** Only asked for now and then where each stream costs a connection. */
  readonly background: boolean
  readonly isEmpty: boolean
  /** The place from which all its readers can be served. */
  after(): string
  add(options: Omit<ReaderOptions, 'refused'>): Reader
  /** The stream comes after `after` from now on; `head` is its newest cursor. */
  begin(after: string, head: string): void
  rest(): void
  /** Entries up to the seq `missedUpTo` happened while the line was down. */
  take(page: Page, missedUpTo?: number): void
  reset(head: string): void
  /** For good. */
  end(problem?: Problem): void
  caughtUp(): CaughtUp
}

type Told = {
  /** The last reader has gone. */
  emptied(): void
  /** The last one that was not in the background has gone. */
  lightened(): void
}

/** Follows the stream `name` as long as it has readers. */
export function createFollowing(name: string, { emptied, lightened }: Told): Following {
  const readers = new Set<Reader>()
  let missed: { from: number; to: number } | undefined
  let missedUpTo = Number.POSITIVE_INFINITY

  const isBackground = () => [...readers].every((reader) => reader.background)
  const oldest = () => {
    const places = [...readers].map((reader) => reader.cursor()).filter((cursor) => cursor !== 'now')
    return places.reduce<string | undefined>(
      (first, cursor) => (first === undefined || isBeyond(first, cursor) ? cursor : first),
      undefined,
    )
  }
  const end = (problem?: Problem) => {
    const all = [...readers]
    readers.clear()
    for (const reader of all) reader.end(problem)
    emptied()
  }

  return {
    name,
    get background() {
      return isBackground()
    },
    get isEmpty() {
      return readers.size === 0
    },
    after: () => oldest() ?? 'now',
    add(options) {
      const reader = createReader({ ...options, refused: end })
      readers.add(reader)
      return {
        ...reader,
        stop() {
          reader.stop()
          // Strict Mode and pages that follow each other stop and follow again in one breath.
          const was = isBackground()
          if (!readers.delete(reader)) return
          queueMicrotask(() => {
            if (readers.size === 0) emptied()
            else if (!was && isBackground()) lightened()
          })
        },
      }
    },
    begin(after, head) {
      missed = isBeyond(head, after) ? { from: seqOf(after), to: seqOf(head) } : undefined
      missedUpTo = seqOf(head)
      for (const reader of readers) reader.begin(head)
    },
    rest() {
      missed = undefined
      for (const reader of readers) reader.rest()
    },
    take(page, upTo = missedUpTo) {
      for (const reader of readers) reader.take(page, upTo)
    },
    reset(head) {
      missed = undefined
      missedUpTo = seqOf(head)
      for (const reader of readers) reader.reset(head)
    },
    end,
    caughtUp() {
      const at = oldest()
      if (!missed || at === undefined) return { done: 0, of: 0 }
      const of = missed.to - missed.from
      return { done: Math.min(of, Math.max(0, seqOf(at) - missed.from)), of }
    },
  }
}
