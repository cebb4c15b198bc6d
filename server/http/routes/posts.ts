import { z } from 'zod'
import { parsePostId } from '#server/domain/feed/feed-deps.ts'
import { likePost, unlikePost } from '#server/domain/feed/like-post.ts'
import { listComments } from '#server/domain/feed/list-comments.ts'
import { listPosts, readPost } from '#server/domain/feed/list-posts.ts'
import { writeComment } from '#server/domain/feed/write-comment.ts'
import { writePost } from '#server/domain/feed/write-post.ts'
import {
  commentAnswer,
  commentListAnswer,
  likedAnswer,
  postAnswer,
  postListAnswer,
} from '#server/http/answers.ts'
import type { Context } from '#server/http/context.ts'
import { createOnce, optionalIdempotencyKey, sendOnce } from '#server/http/idempotency.ts'
import { optionalCreateHeaders } from '#server/http/openapi.ts'
import { parsePosition } from '#server/http/paging.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { signedIn } from '#server/http/session.ts'
import { commentSchema, postSchema } from '#server/protocol/feed-schemas.ts'

const params = z.object({ id: z.string() })

/** The feed: write, list, read, like. */
export const postRoutes: Routes<Pick<Context, 'sessions' | 'limits' | 'log' | 'database' | 'feedDeps'>> = (
  api,
  deps,
) => {
  const { sessions, limits, feedDeps, log, database } = deps

  const write = {
    body: postSchema,
    heeds: optionalCreateHeaders,
    responses: { 201: postAnswer },
    summary: 'Publish a post',
  }
  api.post('/api/posts', { schema: write }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const key = optionalIdempotencyKey(request)
    const attempt = { userId, verb: 'post' as const, key, request: request.body }
    const answer = await createOnce(deps, `post:by ${userId}`, attempt, (tx) =>
      writePost(feedDeps, tx, userId, request.body),
    )
    const { id } = JSON.parse(answer.body) as { id: number }
    return sendOnce(reply.header('location', `/api/posts/${id}`), answer)
  })

  const list = {
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: postListAnswer },
    summary: 'List posts, newest first',
  }
  api.get('/api/posts', { schema: list }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const before = parsePosition(request.query.before, parsePostId)
    const page = await listPosts(database.prisma, log.epoch(), userId, before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })

  const read = { params, responses: { 200: postAnswer }, summary: 'Get a post with its newest comments' }
  api.get('/api/posts/:id', { schema: read }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const post = await readPost(database.prisma, userId, postId(request.params))
    if (!post) throw new Refusal('not-found')
    return reply.header('cache-control', 'private, no-cache').send(post)
  })

  const like = { params, responses: { 200: likedAnswer }, summary: 'Like a post' }
  api.put('/api/posts/:id/like', { schema: like }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = postId(request.params)
    await limits.count('like', userId)
    const liked = await log.transact((tx) => likePost(feedDeps, tx, userId, id), `post:${id}`)
    return reply.header('cache-control', 'no-store').send(liked)
  })

  const unlike = { params, responses: { 200: likedAnswer }, summary: 'Remove your like' }
  api.delete('/api/posts/:id/like', { schema: unlike }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = postId(request.params)
    await limits.count('like', userId)
    const liked = await log.transact((tx) => unlikePost(feedDeps, tx, userId, id), `post:${id}`)
    return reply.header('cache-control', 'no-store').send(liked)
  })
}

/** The post id in a path. Throws 404 for what cannot be one. */
export function postId({ id }: { id: string }): number {
  const found = parsePostId(id)
  if (found === undefined) throw new Refusal('not-found')
  return found
}

/** The comments of a post. */
export const commentRoutes: Routes<Pick<Context, 'sessions' | 'limits' | 'log' | 'database' | 'feedDeps'>> = (
  api,
  deps,
) => {
  const { sessions, feedDeps, database } = deps
  const write = {
    params,
    body: commentSchema,
    heeds: optionalCreateHeaders,
    responses: { 201: commentAnswer },
    summary: 'Comment on a post',
  }
  api.post('/api/posts/:id/comments', { schema: write }, async (request, reply) => {
    const { userId } = await signedIn(sessions, request)
    const id = postId(request.params)
    const key = optionalIdempotencyKey(request)
    const attempt = { userId, verb: 'comment' as const, key, request: { postId: id, ...request.body } }
    const answer = await createOnce(deps, `post:${id}`, attempt, (tx) =>
      writeComment(feedDeps, tx, userId, id, request.body),
    )
    return sendOnce(reply, answer)
  })

  const list = {
    params,
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: commentListAnswer },
    summary: 'List a post’s newest comments, oldest first',
  }
  api.get('/api/posts/:id/comments', { schema: list }, async (request, reply) => {
    await signedIn(sessions, request)
    const before = parsePosition(request.query.before, parsePostId)
    const page = await listComments(database.prisma, postId(request.params), before)
    return reply.header('cache-control', 'private, no-cache').send(page)
  })
}
