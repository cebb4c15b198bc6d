'use client'

/** One toast: a bold word, what it is about, and optionally a link. */
export type ToastNote = {
  id: number
  at: number
  title: string
  text?: string
  danger?: boolean
  /** Shown but not announced: the component that shows it announces it to screen readers itself. */
  quiet?: boolean
  action?: { label: string; href: string }
}

const lifeMs = 8_000
let notes: readonly ToastNote[] = []
let lastId = 0
const watchers = new Set<() => void>()

/** Shows a toast for 8 s; a refusal (`danger`) stays until closed. */
export function showToast(note: Omit<ToastNote, 'id' | 'at'>) {
  const id = ++lastId
  replace([...notes, { ...note, id, at: Date.now() }])
  if (!note.danger) setTimeout(() => closeToast(id), lifeMs)
}

export function closeToast(id: number) {
  replace(notes.filter((note) => note.id !== id))
}

/** What a toast leads to has been dealt with: it goes. */
export function closeToastsTo(href: string) {
  replace(notes.filter(({ action }) => action?.href !== href))
}

/** For `useSyncExternalStore`. */
export function watchToasts(changed: () => void): () => void {
  watchers.add(changed)
  return () => watchers.delete(changed)
}

export function currentToasts(): readonly ToastNote[] {
  return notes
}

function replace(next: readonly ToastNote[]) {
  notes = next
  for (const changed of watchers) changed()
}
