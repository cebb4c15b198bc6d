import type { Clock } from '#components/live/clock.ts'

/** A clock for tests: time stands still until `pass` moves it, waking sleepers in order. */
export function fakeClock(startMs = Date.UTC(2026, 10, 24, 9, 0, 0)) {
  let nowMs = startMs
  const sleepers = new Set<{ atMs: number; wake: () => void }>()

  const clock: Clock = {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve()
        const sleeper = {
          atMs: nowMs + ms,
          wake: () => {
            sleepers.delete(sleeper)
            signal.removeEventListener('abort', sleeper.wake)
            resolve()
          },
        }
        sleepers.add(sleeper)
        signal.addEventListener('abort', sleeper.wake)
      }),
  }

  return {
    ...clock,
    /** Advances time by `ms`; everything it wakes has run as far as it can when the promise resolves. */
    async pass(ms: number) {
      const untilMs = nowMs + ms
      await settled()
      for (let next = earliest(untilMs); next; next = earliest(untilMs)) {
        nowMs = Math.max(nowMs, next.atMs)
        next.wake()
        await settled()
      }
      nowMs = untilMs
    },
    /**
     * Advances time by `ms` as a sleeping laptop does: nothing wakes until it is over, then everything that was due.
     */
    async sleepThrough(ms: number) {
      nowMs += ms
      await this.pass(0)
    },
    /** How many sleeps are pending: 0 when nothing was left behind. */
    get asleep() {
      return sleepers.size
    },
  }

  function earliest(untilMs: number) {
    return [...sleepers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0]
  }
}

/** Resolves when every promise that can settle without time passing has settled. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** For tests: numbers from 0 to 1, the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
