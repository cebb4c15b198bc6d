import type { Person } from './people.ts'

export const postLimits = { maxBody: 1_000, maxComment: 500 } as const

export type WireComment = { id: number; postId: number; author: Person; body: string; at: string }

/** `comments` are the newest few, oldest first; `commentCount` counts all. `likedByMe` is the reader's own. */
export type WirePost = {
  id: number
  author: Person
  body: string
  at: string
  likes: number
  likedByMe: boolean
  commentCount: number
  comments: WireComment[]
}

/** Newest first. `cursor` is the place on the stream `feed` from which the list is kept live. */
export type WirePostList = { items: WirePost[]; cursor: string; nextBefore: string | null }

export type WireCommentList = { items: WireComment[]; nextBefore: string | null }

/** What the stream `feed` carries, by the entry's type. `likes` and `commentCount` are absolute. */
export type FeedEntryData = {
  'post.created': { post: Omit<WirePost, 'likedByMe'> }
  'post.liked': { postId: number; likes: number; by: string }
  'post.unliked': { postId: number; likes: number; by: string }
  'comment.created': { postId: number; commentCount: number; comment: WireComment }
}
