import type { Person } from './people.ts'

export const postLimits = { maxBody: 1_000, maxComment: 500 } as const

export type WireComment = { id: number; postId: number; author: Person; body: string; at: string }

/** `comments` are the newest few, oldest first; `commentCount` counts all. `likedByMe` refers to the reader. */
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

/** Newest first. `cursor` is where to follow the stream `feed` from to keep the list live. */
export type WirePostList = { items: WirePost[]; cursor: string; nextBefore: string | null }

export type WireCommentList = { items: WireComment[]; nextBefore: string | null }

/** The data of the stream `feed`'s entries, by type. `likes` and `commentCount` are absolute. */
export type FeedEntryData = {
  'post.created': { post: Omit<WirePost, 'likedByMe'> }
  'post.liked': { postId: number; likes: number; by: string }
  'post.unliked': { postId: number; likes: number; by: string }
  /** Somebody, who may have written some of it, has another name. */
  'person.renamed': { person: Person }
  'comment.created': { postId: number; commentCount: number; comment: WireComment }
}
