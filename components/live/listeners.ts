/** Adds a listener, and returns a function that removes it. */
export function subscribe<Listener>(all: Set<Listener>, listener: Listener): () => void {
  all.add(listener)
  return () => void all.delete(listener)
}
