import type { Wire } from './ask.ts'
import type { Carrier } from './carrier.ts'
import { type CaughtUp, createFollowing, type Following } from './following.ts'
import type { StreamListener } from './following-reader.ts'
import type { StreamSubject } from './stream-step.ts'

type Options = {
  wire: Wire
  report(fault: unknown): void
  /** How far the streams have caught up, all together. */
  moved(caughtUp: CaughtUp): void
  lost(): void
  /** Nobody follows it any more. */
  left(name: string): void
}

/** The streams that this page follows, whatever carries them at the moment. */
export function createFollowings({ moved, left, ...options }: Options) {
  const byName = new Map<string, Following>()
  let carrier: Carrier | undefined

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
        carrier?.unfollow(following)
        left(name)
        count()
      },
      lightened: () => carrier?.lighten(following),
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
      carrier?.follow(following)
      return { stop: reader.stop, cursor: reader.cursor }
    },
    /** From now on they come over this; without one they wait. */
    carry(next: Carrier | undefined) {
      carrier = next
      for (const following of byName.values()) {
        following.rest()
        next?.follow(following)
      }
    },
  }
}
