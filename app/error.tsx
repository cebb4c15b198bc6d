'use client'
import { PageTrouble } from '#components/shell/page-trouble.tsx'

/** A page failed; the bar stands, and the page can be tried again. */
export default function PageError({ error, retry }: { error: unknown; retry: () => void }) {
  return <PageTrouble digest={digestOf(error)} onRetry={retry} />
}

/** Next's name for the error, by which the server's log knows it. */
function digestOf(error: unknown): string | undefined {
  return error instanceof Error && 'digest' in error ? String(error.digest) : undefined
}
