import type { Log, NewEntry, StreamHead } from '#server/log/log.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { Notice } from '#server/protocol/notifications.ts'

/** What the verbs of this folder work with: the log, and how people are told of what others do. */
export type FeedDeps = {
  log: Log<Transaction>
  /** Appends `entries` and tells those who are to know, in one append. */
  announce(
    tx: Transaction,
    entries: readonly NewEntry[],
    notices: readonly PostNotice[],
  ): Promise<StreamHead[]>
  /** Appends `entries` and takes a notice back that has not been seen. */
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

/** The id of a post or a `before` out of a path or a query; undefined when it is none. */
export function parsePostId(text: string): number | undefined {
  const id = /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined
  return id !== undefined && id <= largestId ? id : undefined
}

type LockedPost = { id: number; authorId: string; body: string; likes: number; commentCount: number }

/**
 * Locks a post until the transaction ends, so that its counts follow one another in the order of their entries.
 * Throws `PostNotFound`.
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
