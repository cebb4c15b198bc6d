import type { Committed } from './log-writer.ts'

// Next loads its own copy of every module, this one too, into the same process: only the global object is one.
const shared = globalThis as { wiresideCommitted?: (work: Committed) => void }

/** Lets `committed` have what the pages of this process commit, until the function that it gives is called. */
export function takeCommitsOfPages(committed: (work: Committed) => void): () => void {
  shared.wiresideCommitted = committed
  return () => {
    if (shared.wiresideCommitted === committed) delete shared.wiresideCommitted
  }
}

/** Hands what a page has committed to the node that it runs in. Without one it is left to the fallback check. */
export function handOverCommit(work: Committed): void {
  shared.wiresideCommitted?.(work)
}
