import { beatFrame } from '#server/deliver/frames.ts'

/** Whatever beats: an open event stream. */
type Beating = { beat(frame: Buffer): void }

export type Beats = { add(stream: Beating): void; remove(stream: Beating): void; close(): void }

/** Parts of a beat's time, so that ten thousand streams do not all beat in one step. */
const parts = 16

/** Gives each stream a beat every `everyMs`, from `everyMs` after it was added on. One timer for all of them. */
export function createBeats(everyMs: number): Beats {
  const groups = Array.from({ length: parts }, () => new Set<Beating>())
  let last = 0
  const timer = setInterval(() => {
    last = (last + 1) % parts
    const group = groups[last]
    if (!group || group.size === 0) return
    const frame = beatFrame({ at: new Date().toISOString() })
    for (const stream of group) stream.beat(frame)
  }, everyMs / parts).unref()

  return {
    add(stream) {
      groups[last]?.add(stream)
    },
    remove(stream) {
      for (const group of groups) group.delete(stream)
    },
    close: () => clearInterval(timer),
  }
}
