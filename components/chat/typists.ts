/** Until when each is taken to be typing, in epoch ms, by user id. */
export type Typists = ReadonlyMap<string, number>

/** The longest that a word of typing is believed. */
const believedMs = 10_000

/** After somebody was told to type for `forMs` from `nowMs`, by this browser's clock; 0: no more. */
export function typistsAfter(before: Typists, userId: string, forMs: number, nowMs: number): Typists {
  const after = new Map(before)
  if (forMs <= 0) after.delete(userId)
  else after.set(userId, nowMs + Math.min(forMs, believedMs))
  return after
}

/** Those who still type at `nowMs`, without `readerId`, in the order in which they began. */
export function stillTyping(typists: Typists, readerId: string, nowMs: number): string[] {
  return [...typists].flatMap(([id, untilMs]) => (untilMs > nowMs && id !== readerId ? [id] : []))
}
