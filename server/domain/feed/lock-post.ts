import type { Transaction } from '#server/log/postgres-log.ts'
import { PostNotFound } from './refusals.ts'

export type LockedPost = { id: number; authorId: string; body: string; likes: number; commentCount: number }

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
