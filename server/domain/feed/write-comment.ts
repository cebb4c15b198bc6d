import { mentionedIn, personOf } from '#server/domain/people.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { WireComment } from '#server/protocol/feed.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { type FeedDeps, feedStream, lockPost, type PostNotice } from './feed-deps.ts'

/** Comments on a post, and notifies the users it mentions and the post's author. Throws `PostNotFound`. */
export async function writeComment(
  deps: FeedDeps,
  tx: Transaction,
  authorId: string,
  postId: number,
  { body }: { body: string },
): Promise<WireComment> {
  const post = await lockPost(tx, postId)
  const author = await personOf(tx, authorId)
  const mentioned = await mentionedIn(tx, body)
  const { id, createdAt } = await tx.comment.create({ data: { postId, authorId, body } })
  const commentCount = post.commentCount + 1
  await tx.post.update({ where: { id: postId }, data: { commentCount } })
  const comment: WireComment = { id, postId, author, body, at: createdAt.toISOString() }
  const data = { postId, commentId: id, excerpt: excerptOf(body), by: author }
  // One key for both: an author who is mentioned gets the mention, or the comment if mentions are switched off.
  const told = { data, by: authorId, key: `comment:${id}` }
  const notices: PostNotice[] = [
    ...mentioned.map((to) => ({ ...told, kind: 'mention' as const, to })),
    { ...told, kind: 'comment', to: post.authorId },
  ]
  const created = { stream: feedStream, type: 'comment.created', data: { postId, commentCount, comment } }
  await deps.announce(tx, [created], notices)
  return comment
}
