/**
 * When this tab first saw each line of a loan's timeline, in epoch ms by the line's key; `null` for events before its
 * first look, which say nothing about how late a poll is.
 */
export type SeenTimes = Record<string, number | null>

type Store = Pick<Storage, 'getItem' | 'setItem'>

/** Records that the lines `keys` are seen now, unless they were before; returns all that are known. */
export function noteSeen(store: Store, loanId: string, keys: readonly string[], nowMs: number): SeenTimes {
  const before = seenBefore(store, loanId)
  const at = before ? nowMs : null
  return keep(store, loanId, { ...Object.fromEntries(keys.map((key) => [key, at])), ...before })
}

/** Records the lines of a loan that this tab has just applied for. */
export function noteSent(store: Store, loanId: string, keys: readonly string[], nowMs: number) {
  keep(store, loanId, Object.fromEntries(keys.map((key) => [key, nowMs])))
}

/** What was recorded before a reload; undefined if nothing was, or the stored text is not ours. */
function seenBefore(store: Store, loanId: string): SeenTimes | undefined {
  try {
    const kept: unknown = JSON.parse(store.getItem(nameOf(loanId)) ?? 'null')
    return isSeenTimes(kept) ? kept : undefined
  } catch {
    // Not JSON, so not ours.
    return undefined
  }
}

function isSeenTimes(kept: unknown): kept is SeenTimes {
  if (typeof kept !== 'object' || kept === null || Array.isArray(kept)) return false
  return Object.values(kept).every((at) => at === null || typeof at === 'number')
}

function keep(store: Store, loanId: string, seen: SeenTimes): SeenTimes {
  store.setItem(nameOf(loanId), JSON.stringify(seen))
  return seen
}

function nameOf(loanId: string): string {
  return `seen ${loanId}`
}
