/**
 * Who has the room open, and when those who left were last seen. Undefined until the server sends it. `count` is how
 * many are here: of a crowd, the server names only the first.
 */
export type Presence = {
  here: ReadonlySet<string>
  count: number
  goneAtMs: ReadonlyMap<string, number>
}

/** The presence after the server has sent who is here at `nowMs`. */
export function presenceAfter(
  before: Presence | undefined,
  here: readonly string[],
  nowMs: number,
  count = here.length,
): Presence {
  const now = new Set(here)
  const gone = new Map(before?.goneAtMs)
  for (const id of before?.here ?? []) if (!now.has(id)) gone.set(id, nowMs)
  for (const id of now) gone.delete(id)
  return { here: now, count, goneAtMs: gone }
}

/** Those who are here first, each group by name. */
export function byPresence<One extends { id: string; name: string }>(
  people: readonly One[],
  presence: Presence | undefined,
): One[] {
  const absent = ({ id }: One) => (presence && !presence.here.has(id) ? 1 : 0)
  return people.toSorted((a, b) => absent(a) - absent(b) || compare(a.name, b.name) || compare(a.id, b.id))
}

/** The same on the server and in every browser, unlike `localeCompare`. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** When each typing indicator expires, in epoch ms, by user id. */
export type Typists = ReadonlyMap<string, number>

/** The longest that a typing event is shown. */
const believedMs = 10_000

/** The typists after an event that somebody types for `forMs` from `nowMs`, by this browser's clock; 0: stopped. */
export function typistsAfter(before: Typists, userId: string, forMs: number, nowMs: number): Typists {
  const after = new Map(before)
  if (forMs <= 0) after.delete(userId)
  else after.set(userId, nowMs + Math.min(forMs, believedMs))
  return after
}

/** Those still typing at `nowMs`, without `readerId`, in the order in which they started. */
export function stillTyping(typists: Typists, readerId: string, nowMs: number): string[] {
  return [...typists].flatMap(([id, untilMs]) => (untilMs > nowMs && id !== readerId ? [id] : []))
}
