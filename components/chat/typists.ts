/** Until when each is taken to be typing, in epoch ms, by user id. */
export type Typists = ReadonlyMap<string, number>

/** The longest that a word of typing is believed, whatever the clocks say. */
const believedMs = 10_000

export function typistsAfter(before: Typists, userId: string, untilMs: number, nowMs: number): Typists {
  const after = new Map(before)
  if (untilMs <= nowMs) after.delete(userId)
  else after.set(userId, Math.min(untilMs, nowMs + believedMs))
  return after
}

/** Those who still type at `nowMs`, without `readerId`, in the order in which they began. */
export function stillTyping(typists: Typists, readerId: string, nowMs: number): string[] {
  return [...typists].flatMap(([id, untilMs]) => (untilMs > nowMs && id !== readerId ? [id] : []))
}
