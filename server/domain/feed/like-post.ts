import { personOf } from '#server/domain/people.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { type FeedDeps, feedStream, lockPost } from './feed-deps.ts'

type Liked = { likes: number; likedByMe: boolean }

/** Likes a post and notifies its author, once. Throws `PostNotFound`. */
export async function likePost(
  deps: FeedDeps,
  tx: Transaction,
  userId: string,
  postId: number,
): Promise<Liked> {
  const post = await lockPost(tx, postId)
  const { count } = await tx.postLike.createMany({ data: { postId, userId }, skipDuplicates: true })
  if (count === 0) return { likes: post.likes, likedByMe: true }
  const likes = post.likes + 1
  await tx.post.update({ where: { id: postId }, data: { likes } })
  const liked = { stream: feedStream, type: 'post.liked', data: { postId, likes, by: userId } }
  const data = { postId, excerpt: excerptOf(post.body), by: await personOf(tx, userId) }
  const key = likeKey(postId, userId)
  await deps.announce(tx, [liked], [{ kind: 'like', data, to: post.authorId, by: userId, key }])
  return { likes, likedByMe: true }
}

/** Removes a like, and withdraws its notification if the author has not seen it. Throws `PostNotFound`. */
export async function unlikePost(
  deps: FeedDeps,
  tx: Transaction,
  userId: string,
  postId: number,
): Promise<Liked> {
  const post = await lockPost(tx, postId)
  const { count } = await tx.postLike.deleteMany({ where: { postId, userId } })
  if (count === 0) return { likes: post.likes, likedByMe: false }
  const likes = post.likes - 1
  await tx.post.update({ where: { id: postId }, data: { likes } })
  const unliked = { stream: feedStream, type: 'post.unliked', data: { postId, likes, by: userId } }
  await deps.withdraw(tx, [unliked], { from: post.authorId, key: likeKey(postId, userId) })
  return { likes, likedByMe: false }
}

function likeKey(postId: number, userId: string): string {
  return `like:${postId}:${userId}`
}
