import type { FeedEntryData, WireComment, WirePost, WirePostList } from '#server/protocol/feed.ts'
import type { Person } from '#server/protocol/people.ts'
import type { WireEntry } from '#server/protocol/streams.ts'

/** The feed page's state. `posts` are shown, newest first; `waiting` have arrived since and are offered. */
export type FeedState = {
  posts: readonly WirePost[]
  waiting: readonly WirePost[]
  nextBefore: string | null
}

export function firstFeed({ items, nextBefore }: WirePostList): FeedState {
  return { posts: items, waiting: [], nextBefore }
}

/** The feed after one entry of its stream, for `readerId`. Counts are absolute, so applying one twice does no harm. */
export function feedAfter(feed: FeedState, entry: WireEntry, readerId: string): FeedState {
  switch (entry.type) {
    case 'post.created': {
      const { post } = entry.data as FeedEntryData['post.created']
      if (isKnown(feed, post.id)) return feed
      return { ...feed, waiting: [{ ...post, likedByMe: false }, ...feed.waiting] }
    }
    case 'post.liked':
    case 'post.unliked': {
      const { postId, likes, by } = entry.data as FeedEntryData['post.liked']
      const own = by === readerId && { likedByMe: entry.type === 'post.liked' }
      return withPost(feed, postId, (post) => ({ ...post, likes, ...own }))
    }
    case 'comment.created': {
      const { postId, commentCount, comment } = entry.data as FeedEntryData['comment.created']
      return withPost(feed, postId, (post) => ({
        ...post,
        commentCount,
        comments: mergedComments(post.comments, [comment]),
      }))
    }
    case 'person.renamed': {
      const { person } = entry.data as FeedEntryData['person.renamed']
      const named = (posts: readonly WirePost[]) => posts.map((post) => withName(post, person))
      return { ...feed, posts: named(feed.posts), waiting: named(feed.waiting) }
    }
    default:
      return feed
  }
}

/** Replaces a person's name wherever it is shown. */
function withName(post: WirePost, person: Person): WirePost {
  const named = (author: Person) => (author.id === person.id ? person : author)
  return {
    ...post,
    author: named(post.author),
    comments: post.comments.map((comment) => ({ ...comment, author: named(comment.author) })),
  }
}

/** Adds the next page of older posts. */
export function withOlder(feed: FeedState, { items, nextBefore }: WirePostList): FeedState {
  return { ...feed, posts: [...feed.posts, ...items.filter(({ id }) => !isKnown(feed, id))], nextBefore }
}

/** Everyone named in these posts. */
export function peopleOf(posts: readonly WirePost[]): Person[] {
  return posts.flatMap(({ author, comments }) => [author, ...comments.map((comment) => comment.author)])
}

/** Shows the posts on offer. */
export function withWaitingShown(feed: FeedState): FeedState {
  return { ...feed, posts: newestFirst([...feed.waiting, ...feed.posts]), waiting: [] }
}

/** Adds the reader's own post, which is shown at once whether the response or the stream came first. */
export function withOwn(feed: FeedState, post: WirePost): FeedState {
  const waiting = feed.waiting.filter(({ id }) => id !== post.id)
  if (feed.posts.some(({ id }) => id === post.id)) return { ...feed, waiting }
  return { ...feed, waiting, posts: newestFirst([post, ...feed.posts]) }
}

/** Applies the response to a like or unlike; changes nothing if the stream was first, since it may be newer by now. */
export function withLikes(
  feed: FeedState,
  postId: number,
  liked: Pick<WirePost, 'likes' | 'likedByMe'>,
): FeedState {
  return withPost(feed, postId, (post) => (post.likedByMe === liked.likedByMe ? post : { ...post, ...liked }))
}

/** Adds comments that were fetched or just written; the count is at least the number loaded. */
export function withComments(feed: FeedState, postId: number, comments: readonly WireComment[]): FeedState {
  return withPost(feed, postId, (post) => {
    const merged = mergedComments(post.comments, comments)
    return { ...post, comments: merged, commentCount: Math.max(post.commentCount, merged.length) }
  })
}

function withPost(feed: FeedState, postId: number, change: (post: WirePost) => WirePost): FeedState {
  const changed = (posts: readonly WirePost[]) =>
    posts.some(({ id }) => id === postId)
      ? posts.map((post) => (post.id === postId ? change(post) : post))
      : posts
  return { ...feed, posts: changed(feed.posts), waiting: changed(feed.waiting) }
}

function isKnown({ posts, waiting }: FeedState, postId: number): boolean {
  return [...posts, ...waiting].some(({ id }) => id === postId)
}

/** Oldest first, each once. */
function mergedComments(known: readonly WireComment[], more: readonly WireComment[]): WireComment[] {
  const byId = new Map([...known, ...more].map((comment) => [comment.id, comment]))
  return [...byId.values()].sort((a, b) => a.id - b.id)
}

function newestFirst(posts: WirePost[]): WirePost[] {
  return posts.sort((a, b) => b.id - a.id)
}
