import type { Committed } from './log-writer.ts'

// Next loads its own copy of every module, this one included, into the same process: only the global object is shared.
const shared = globalThis as { wiresideCommitted?: (work: Committed) => void }

/** Registers `committed` to receive what pages in this process commit. Returns a function that unregisters it. */
export function takeCommitsOfPages(committed: (work: Committed) => void): () => void {
  shared.wiresideCommitted = committed
  return () => {
    if (shared.wiresideCommitted === committed) delete shared.wiresideCommitted
  }
}

/**
 * Passes a page's commit to the node in this process. Without a node, the fallback check of the other nodes finds it.
 */
export function handOverCommit(work: Committed): void {
  shared.wiresideCommitted?.(work)
}
