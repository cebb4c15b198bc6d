import type { Log, NewEntry, StreamHead } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Notice } from '#server/protocol/notifications.ts'

/** What the verbs of this folder depend on: the log, and how users are notified. */
export type FeedDeps = {
  log: Log<Transaction>
  /** Appends `entries` and the notifications in one append. */
  announce(
    tx: Transaction,
    entries: readonly NewEntry[],
    notices: readonly PostNotice[],
  ): Promise<StreamHead[]>
  /** Appends `entries` and withdraws a notification that has not been seen. */
  withdraw(
    tx: Transaction,
    entries: readonly NewEntry[],
    told: { from: string; key: string },
  ): Promise<StreamHead[]>
}

export type PostNotice = Extract<Notice, { kind: 'like' | 'comment' | 'mention' }> & {
  to: string
  by: string
  key: string
}

/** The stream of everybody's posts. */
export const feedStream = 'feed'

const largestId = 2_147_483_647

/** Parses the id of a post, or a `before`, from a path or query; undefined when it is not one. */
export function parsePostId(text: string): number | undefined {
  const id = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined
  return id !== undefined && id <= largestId ? id : undefined
}

type LockedPost = { id: number; authorId: string; body: string; likes: number; commentCount: number }

/**
 * Locks a post until the transaction ends, so that its counts change in the order of their entries. Throws
 * `PostNotFound`.
 */
export async function lockPost(tx: Transaction, id: number): Promise<LockedPost> {
  const [post] = await tx.$queryRaw<LockedPost[]>`
    SELECT id, "authorId", body, likes, "commentCount" FROM post WHERE id = ${id} FOR UPDATE`
  if (!post) throw new PostNotFound(`No post ${id}`)
  return post
}

/** There is no such post. */
export class PostNotFound extends Error {
  override name = 'PostNotFound'
}
