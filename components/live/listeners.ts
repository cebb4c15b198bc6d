/** Adds a listener, and gives what takes it out again. */
export function subscribe<Listener>(all: Set<Listener>, listener: Listener): () => void {
  all.add(listener)
  return () => void all.delete(listener)
}
