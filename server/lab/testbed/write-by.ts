import { setTimeout as pause } from 'node:timers/promises'

export type Schedule = { eventsPerSecond: number; burst: number; seconds: number }

/**
 * Writes on schedule: bursts of `burst` events at an even pace, the first after half a gap, and at least one. Bursts
 * that become due during a write are written together. Resolves with the number written and the worst delay, in ms.
 */
export async function writeBy(
  { eventsPerSecond, burst, seconds }: Schedule,
  signal: AbortSignal,
  write: (count: number) => Promise<void>,
): Promise<{ written: number; lateMs: number }> {
  const bursts = Math.max(1, Math.round((eventsPerSecond * seconds) / burst))
  const gapMs = (seconds * 1_000) / bursts
  const startedAt = performance.now()
  const dueAt = (nth: number) => startedAt + (nth + 0.5) * gapMs
  let lateMs = 0
  let done = 0
  while (done < bursts && !signal.aborted) {
    const waitMs = dueAt(done) - performance.now()
    if (waitMs > 0) await pause(waitMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) break
    const now = performance.now()
    let due = 0
    while (done + due < bursts && dueAt(done + due) <= now) due += 1
    if (due === 0) continue
    lateMs = Math.max(lateMs, now - dueAt(done))
    await write(due * burst)
    done += due
  }
  return { written: done * burst, lateMs }
}
