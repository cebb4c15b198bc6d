import { z } from 'zod'
import { parsePostId } from '#server/domain/feed/feed-deps.ts'
import { listComments } from '#server/domain/feed/list-comments.ts'
import { writeComment } from '#server/domain/feed/write-comment.ts'
import { commentSchema } from '#server/protocol/protocol.ts'
import { commentAnswer, commentListAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import { placeBefore } from './before.ts'
import { createOnce, optionalIdempotencyKey, sendOnce } from './idempotency-key.ts'
import { optionalCreateHeaders } from './openapi.ts'
import { postId } from './posts.ts'
import { signedIn } from './signed-in.ts'

const params = z.object({ id: z.string() })

/** The comments of a post. */
export const commentRoutes: Routes = (api, context) => {
  const { sessions, posts, database } = context
  const write = {
    params,
    body: commentSchema,
    heeds: optionalCreateHeaders,
    answers: { 201: commentAnswer },
    summary: 'Comments on a post',
  }
  api.post('/api/posts/:id/comments', { schema: write }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = postId(request.params)
    const key = optionalIdempotencyKey(request)
    const attempt = { userId, verb: 'comment' as const, key, request: { postId: id, ...request.body } }
    const answer = await createOnce(context, `post:${id}`, attempt, (tx) =>
      writeComment(posts, tx, userId, id, request.body),
    )
    return sendOnce(reply, answer)
  })

  const list = {
    params,
    querystring: z.object({ before: z.string().optional() }),
    answers: { 200: commentListAnswer },
    summary: 'The newest comments of a post, oldest first',
  }
  api.get('/api/posts/:id/comments', { schema: list }, async (request, reply) => {
    await signedIn(sessions, request)
    const before = placeBefore(request.query.before, parsePostId)
    const page = await listComments(database.prisma, postId(request.params), before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })
}
