import { mentionedIn, personOf } from '#server/domain/people.ts'
import type { Transaction } from '#server/log/postgres-log.ts'
import type { FeedEntryData, WirePost } from '#server/protocol/feed.ts'
import { excerptOf } from '#server/protocol/text.ts'
import { type FeedDeps, feedStream } from './feed-deps.ts'

/** Publishes a post to the feed, and notifies the users it mentions. */
export async function writePost(
  deps: FeedDeps,
  tx: Transaction,
  authorId: string,
  { body }: { body: string },
): Promise<WirePost> {
  const author = await personOf(tx, authorId)
  const mentioned = await mentionedIn(tx, body)
  const { id, createdAt } = await tx.post.create({ data: { authorId, body } })
  const post = {
    id,
    author,
    body,
    at: createdAt.toISOString(),
    likes: 0,
    commentCount: 0,
    comments: [],
  } satisfies FeedEntryData['post.created']['post']
  const notice = {
    kind: 'mention' as const,
    data: { postId: id, excerpt: excerptOf(body), by: author },
    by: authorId,
    key: `mention:post:${id}`,
  }
  await deps.announce(
    tx,
    [{ stream: feedStream, type: 'post.created', data: { post } }],
    mentioned.map((to) => ({ ...notice, to })),
  )
  return { ...post, likedByMe: false }
}
