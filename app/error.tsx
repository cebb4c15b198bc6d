'use client'
import { PageTrouble } from '#components/shell/page-trouble.tsx'

/** A page failed; the bar stands, and the page can be tried again. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  // A part of the program that did not come is not asked for again by the same document.
  const isUnloaded = error instanceof Error && error.name === 'ChunkLoadError'
  const reload = () => window.location.reload()
  return <PageTrouble digest={digestOf(error)} onRetry={isUnloaded ? reload : retry} />
}

/** Next's name for the error, by which the server's log knows it. */
function digestOf(error: unknown): string | undefined {
  return error instanceof Error && 'digest' in error ? String(error.digest) : undefined
}
