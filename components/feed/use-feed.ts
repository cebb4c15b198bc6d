'use client'

import { useCallback, useRef, useState } from 'react'
import { eventStream } from '#components/live/clients/event-stream.ts'
import { browserClock } from '#components/live/clock.ts'
import { tellNews } from '#components/live/cross-check.ts'
import { request } from '#components/live/request.ts'
import { newKey, sendJson } from '#components/live/send-json.ts'
import { useBellCheck } from '#components/live/use-cross-check.ts'
import { useLive } from '#components/live/use-live.ts'
import type { Unsent } from '#components/shell/send-trouble.tsx'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { FeedEntryData, WireComment, WirePost, WirePostList } from '#server/protocol/feed.ts'
import type { Problem } from '#server/protocol/problems.ts'
import type { WireEntry } from '#server/protocol/streams.ts'
import {
  type FeedState,
  feedAfter,
  firstFeed,
  withComments,
  withLikes,
  withOlder,
  withOwn,
  withWaitingShown,
} from './feed-state.ts'
import type { Liked } from './use-likes.ts'

const wire = { fetch: pageRecorder.fetch, clock: browserClock }

/** The feed, kept live from `initial`, and the reader's actions on it. */
export function useFeed(initial: WirePostList, readerId: string) {
  const [feed, setFeed] = useState<FeedState>(() => firstFeed(initial))
  const [loading, setLoading] = useState(false)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const comments = useFresh<number>()
  const posts = useFresh<number>()
  const asking = useRef(false)

  const pending = usePendingPosts(useCallback((post) => setFeed((state) => withOwn(state, post)), []))

  const hear = (entries: readonly WireEntry[], live: boolean) => {
    const own = ownPosts(entries, readerId).filter(pending.settle)
    posts.add(own.map(({ id }) => id))
    if (live) comments.add(commentIds(entries))
    if (entries.some((entry) => mayRing(entry, readerId))) tellNews('page', ['me'])
    setFeed((before) =>
      own.reduce(
        withOwn,
        entries.reduce((state, entry) => feedAfter(state, entry, readerId), before),
      ),
    )
  }

  const read = async (url: string, take: (list: WirePostList) => void) => {
    if (asking.current) return
    asking.current = true
    setLoading(true)
    const answer = await request<WirePostList>({ url }, 0, wire, new AbortController().signal)
    asking.current = false
    setLoading(false)
    if (answer.type === 'changed') {
      setTrouble(undefined)
      take(answer.value)
    } else setTrouble(('problem' in answer && answer.problem) || 'unanswered')
  }

  const stream = useLive<FeedEntryData>(
    { name: 'feed', after: initial.cursor },
    {
      client: eventStream,
      onEntries: hear,
      // The log has moved on: posts may be missing in between.
      onReset: () => void read('/api/posts', (list) => setFeed(firstFeed(list))),
      fetch: pageRecorder.fetch,
    },
  )

  useBellCheck('feed', {
    cursor: () => stream.cursor,
    isLive: () => ['live', 'catching-up', 'fallback'].includes(stream.state),
    tryNow: stream.tryNow,
  })

  return {
    ...feed,
    stream,
    pending,
    freshPosts: posts.fresh,
    freshComments: comments.fresh,
    loading,
    trouble,
    showOlder: () => {
      const before = feed.nextBefore
      if (before === null) return
      void read(`/api/posts?before=${encodeURIComponent(before)}`, (list) =>
        setFeed((state) => withOlder(state, list)),
      )
    },
    showWaiting: () => setFeed(withWaitingShown),
    setLiked: (postId: number, liked: Liked) => setFeed((state) => withLikes(state, postId, liked)),
    addComments: (postId: number, more: readonly WireComment[]) =>
      setFeed((state) => withComments(state, postId, more)),
  }
}

function ownPosts(entries: readonly WireEntry[], readerId: string): WirePost[] {
  return entries.flatMap(({ type, data }) => {
    if (type !== 'post.created') return []
    const { post } = data as FeedEntryData['post.created']
    return post.author.id === readerId ? [{ ...post, likedByMe: false }] : []
  })
}

/** Whether somebody else did something that may notify the reader. */
function mayRing({ type, data }: WireEntry, readerId: string): boolean {
  if (type === 'post.liked') return (data as FeedEntryData['post.liked']).by !== readerId
  return (
    type === 'comment.created' && (data as FeedEntryData['comment.created']).comment.author.id !== readerId
  )
}

function commentIds(entries: readonly WireEntry[]): number[] {
  return entries.flatMap(({ type, data }) =>
    type === 'comment.created' ? [(data as FeedEntryData['comment.created']).comment.id] : [],
  )
}

/** What has arrived since the page was opened, to be highlighted when it is first drawn. */
function useFresh<Key>(): { fresh: ReadonlySet<Key>; add: (keys: readonly Key[]) => void } {
  const [fresh, setFresh] = useState<ReadonlySet<Key>>(new Set())
  return {
    fresh,
    add: (keys) => {
      if (keys.length > 0) setFresh((before) => new Set([...before, ...keys]))
    },
  }
}

/** A post written here and not yet known to be on the feed. Its `key` makes resending safe. */
export type PendingPost = { key: string; body: string; atMs: number; trouble?: Unsent }

/** The reader's posts being sent, newest first. `onPosted` receives each one as the server stored it. */
function usePendingPosts(onPosted: (post: WirePost) => void) {
  const [pending, setPending] = useState<readonly PendingPost[]>([])
  const drop = (key: string) => setPending((all) => all.filter((one) => one.key !== key))
  const put = (key: string, trouble: Unsent | undefined) =>
    setPending((all) => all.map((one) => (one.key === key ? { ...one, trouble } : one)))

  const send = async ({ key, body }: PendingPost) => {
    const sent = await sendJson<WirePost>(pageRecorder.fetch, '/api/posts', { body }, key)
    if (sent.state !== 'done') return put(key, sent)
    onPosted(sent.value)
    drop(key)
  }

  return {
    posts: pending,
    post(text: string) {
      const fresh = { key: newKey(), body: text.trim(), atMs: Date.now() }
      setPending((all) => [fresh, ...all])
      void send(fresh)
    },
    sendAgain(post: PendingPost) {
      put(post.key, undefined)
      void send(post)
    },
    drop,
    /** Removes a pending post that the stream delivered first; false if there is none. */
    settle(post: Pick<WirePost, 'body'>): boolean {
      const found = pending.findLast(({ body }) => body === post.body)
      if (found) drop(found.key)
      return found !== undefined
    },
  }
}
