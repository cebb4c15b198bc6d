import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FeedEntryData, WireComment, WirePost } from '#server/protocol/feed.ts'
import {
  type FeedState,
  feedAfter,
  firstFeed,
  withComments,
  withOlder,
  withOwn,
  withWaitingShown,
} from './feed-state.ts'

const list = { items: [post(2), post(1)], cursor: 'k7e1.9', nextBefore: '1' }

test('a new post of somebody else is offered and moves nothing until it is taken', () => {
  const feed = heard(firstFeed(list), 'post.created', { post: post(3) })
  assert.deepEqual(ids(feed.posts), [2, 1])
  assert.deepEqual(ids(feed.waiting), [3])
  assert.deepEqual(ids(withWaitingShown(feed).posts), [3, 2, 1])
})

test('a post that is known already, from its answer or an earlier entry, is not offered', () => {
  const feed = withOwn(firstFeed(list), post(3))
  assert.equal(heard(feed, 'post.created', { post: post(3) }), feed)
})

test('the reader’s own post is shown even when the stream was first to tell of it', () => {
  const feed = withOwn(heard(firstFeed(list), 'post.created', { post: post(3) }), post(3))
  assert.deepEqual([ids(feed.posts), ids(feed.waiting)], [[3, 2, 1], []])
})

test('likes are the absolute count, and the reader’s own only when the reader did it', () => {
  const feed = heard(firstFeed(list), 'post.liked', { postId: 2, likes: 5, by: 'somebody' })
  assert.deepEqual(likesOf(feed, 2), [5, false])
  const mine = heard(feed, 'post.liked', { postId: 2, likes: 6, by: 'me' })
  assert.deepEqual(likesOf(mine, 2), [6, true])
  assert.deepEqual(likesOf(heard(mine, 'post.unliked', { postId: 2, likes: 5, by: 'me' }), 2), [5, false])
})

test('a comment that came by its answer and by the stream stands once', () => {
  const written = withComments(firstFeed(list), 1, [comment(7)])
  const feed = heard(written, 'comment.created', { postId: 1, commentCount: 1, comment: comment(7) })
  assert.deepEqual(
    feed.posts.map(({ commentCount, comments }) => [commentCount, comments.length]),
    [
      [0, 0],
      [1, 1],
    ],
  )
})

test('older pages go below, without what is there already', () => {
  const feed = withOlder(firstFeed(list), { ...list, items: [post(1), post(0)], nextBefore: null })
  assert.deepEqual(ids(feed.posts), [2, 1, 0])
  assert.equal(feed.nextBefore, null)
})

function heard<Type extends keyof FeedEntryData>(feed: FeedState, type: Type, data: FeedEntryData[Type]) {
  return feedAfter(feed, { seq: 10, type, at: '2026-11-24T10:00:00.000Z', data }, 'me')
}

function ids(posts: readonly WirePost[]) {
  return posts.map(({ id }) => id)
}

function likesOf(feed: FeedState, id: number) {
  const found = feed.posts.find((one) => one.id === id)
  return [found?.likes, found?.likedByMe]
}

function post(id: number): WirePost {
  return {
    id,
    author: { id: 'a', name: 'A', handle: 'a' },
    body: 'Hello',
    at: '2026-11-24T10:00:00.000Z',
    likes: 0,
    likedByMe: false,
    commentCount: 0,
    comments: [],
  }
}

function comment(id: number): WireComment {
  return {
    id,
    postId: 1,
    author: { id: 'a', name: 'A', handle: 'a' },
    body: 'Yes',
    at: '2026-11-24T10:00:00.000Z',
  }
}
