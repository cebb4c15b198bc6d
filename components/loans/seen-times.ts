/** When this tab first saw each line of a loan's timeline, in epoch ms by the line's key. */
export type SeenTimes = Record<string, number>

type Store = Pick<Storage, 'getItem' | 'setItem'>

/** What was seen before a reload; nothing when the store is empty, or holds something that is not ours. */
export function seenBefore(store: Store, loanId: string): SeenTimes {
  try {
    const kept: unknown = JSON.parse(store.getItem(nameOf(loanId)) ?? '{}')
    if (typeof kept !== 'object' || kept === null) return {}
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    )
  } catch {
    // Not JSON: somebody else wrote there. Unknown times simply count as new.
    return {}
  }
}

/** Notes that the lines `keys` are seen now, unless they were before; gives all that is known. */
export function noteSeen(store: Store, loanId: string, keys: readonly string[], nowMs: number): SeenTimes {
  const before = seenBefore(store, loanId)
  const seen = { ...Object.fromEntries(keys.map((key) => [key, nowMs])), ...before }
  store.setItem(nameOf(loanId), JSON.stringify(seen))
  return seen
}

function nameOf(loanId: string): string {
  return `seen ${loanId}`
}
