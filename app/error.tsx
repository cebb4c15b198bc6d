'use client'
import { PageTrouble } from '#components/shell/page-trouble.tsx'

/** Shown when a page fails; the bar stays, and the page can be retried. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  // The same document does not request a chunk again after it failed to load.
  const isUnloaded = error instanceof Error && error.name === 'ChunkLoadError'
  const reload = () => window.location.reload()
  return <PageTrouble digest={digestOf(error)} onRetry={isUnloaded ? reload : retry} />
}

/** Next's digest of the error, which identifies it in the server's log. */
function digestOf(error: unknown): string | undefined {
  return error instanceof Error && 'digest' in error ? String(error.digest) : undefined
}
