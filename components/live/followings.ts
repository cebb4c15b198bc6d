import type { Problem } from '#server/protocol/problems.ts'
import type { StreamSubject } from './clients/client.ts'
import { isBeyond, seqOf } from './position.ts'
import { createReader, type Reader, type StreamListener } from './reader.ts'
import type { Wire } from './request.ts'
import type { CaughtUp, Following, Transport } from './transport.ts'

type Options = {
  wire: Wire
  report(fault: unknown): void
  /** The catch-up progress of all streams together. */
  moved(caughtUp: CaughtUp): void
  lost(): void
  /** The stream has no readers left. */
  left(name: string): void
}

/** The streams that this page follows, whichever transport delivers them. */
export function createFollowings({ moved, left, ...options }: Options) {
  const byName = new Map<string, Following>()
  let transport: Transport | undefined

  const count = () => {
    const all = [...byName.values()].map((following) => following.caughtUp())
    moved(all.reduce(({ done, of }, one) => ({ done: done + one.done, of: of + one.of }), { done: 0, of: 0 }))
  }
  const found = (name: string) => {
    const known = byName.get(name)
    if (known) return known
    const following = createFollowing(name, {
      emptied() {
        if (byName.get(name) !== following) return
        byName.delete(name)
        transport?.unfollow(following)
        left(name)
        count()
      },
      lightened: () => transport?.lighten(following),
    })
    byName.set(name, following)
    return following
  }

  return {
    add<Data>(subject: StreamSubject, listener: StreamListener<Data>, background = false) {
      const following = found(subject.name)
      const reader = following.add({
        ...{ ...options, subject, background, moved: count },
        listener: listener as StreamListener,
      })
      transport?.follow(following)
      return { stop: reader.stop, cursor: reader.cursor }
    },
    /** From now on `next` delivers them; without a transport they wait. */
    switchTo(next: Transport | undefined) {
      transport = next
      for (const following of byName.values()) {
        following.rest()
        next?.follow(following)
      }
    },
  }
}

type FollowingEvents = {
  /** The last reader has left. */
  emptied(): void
  /** The last reader that was not in the background has left. */
  lightened(): void
}

/** Follows the stream `name` as long as it has readers. */
function createFollowing(name: string, { emptied, lightened }: FollowingEvents): Following {
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
          // Strict Mode and navigations stop and follow again in the same task.
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
    reset(head, reason) {
      missed = undefined
      missedUpTo = seqOf(head)
      for (const reader of readers) reader.reset(head, reason)
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
