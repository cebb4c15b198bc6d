import type { Prisma } from '#prisma/generated/client.ts'
import type { WireCommentList } from '#server/protocol/feed.ts'
import { PostNotFound } from './feed-deps.ts'

const pageSize = 20

/** The newest page of a post's comments, or the one before a `nextBefore`; oldest first. Throws `PostNotFound`. */
export async function listComments(
  db: Pick<Prisma.TransactionClient, 'post'>,
  postId: number,
  before?: number,
): Promise<WireCommentList> {
  const post = await db.post.findUnique({
    where: { id: postId },
    select: {
      comments: {
        where: before === undefined ? {} : { id: { lt: before } },
        orderBy: { id: 'desc' },
        take: pageSize + 1,
        include: { author: { select: { id: true, name: true, handle: true } } },
      },
    },
  })
  if (!post) throw new PostNotFound(`No post ${postId}`)
  const page = post.comments.slice(0, pageSize).toReversed()
  const oldest = page[0]
  return {
    items: page.map(({ id, author, body, createdAt }) => ({
      id,
      postId,
      author,
      body,
      at: createdAt.toISOString(),
    })),
    nextBefore: post.comments.length > pageSize && oldest ? String(oldest.id) : null,
  }
}
