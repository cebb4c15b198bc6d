/** Who has news: the bell of what the page shows, or the page of what the bell tells. */
type Teller = 'bell' | 'page'

const listeners: Record<Teller, Set<(streams: readonly string[]) => void>> = {
  bell: new Set(),
  page: new Set(),
}

/** Tells the other connections of this tab that something has happened on these streams: `loan:L-7`, `account`, `feed`. */
export function tellNews(by: Teller, streams: readonly string[]): void {
  for (const listener of listeners[by]) listener(streams)
}

/** Hears of it until the answer is called. */
export function onNews(by: Teller, listener: (streams: readonly string[]) => void): () => void {
  listeners[by].add(listener)
  return () => listeners[by].delete(listener)
}
