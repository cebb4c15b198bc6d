'use client'

import { useRef, useState } from 'react'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { SessionEnded } from '#components/shell/poll-trouble.tsx'
import { SendTrouble } from '#components/shell/send-trouble.tsx'
import { useStreamShell } from '#components/shell/use-stream-shell.ts'
import { WireTrouble } from '#components/shell/wire-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { NamesakesProvider } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import { PendingDashes, Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import { useNearEnd } from '#components/ui/use-near-end.ts'
import { postLimits, type WirePostList } from '#server/protocol/feed.ts'
import type { Viewer } from '#server/protocol/people.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { PostTime } from './comments.tsx'
import { Composer } from './composer.tsx'
import { peopleOf } from './feed-state.ts'
import { PostRow } from './post-row.tsx'
import { type PendingPost, useFeed } from './use-feed.ts'
import { useLikes } from './use-likes.ts'

type FeedPageProps = { initial: WirePostList; viewer: Viewer }

/** The feed: write, read, like, comment. It is live; others' new posts are offered, and nothing moves by itself. */
export function FeedPage({ initial, viewer }: FeedPageProps) {
  const [text, setText] = useState('')
  const list = useRef<HTMLOListElement>(null)
  const feed = useFeed(initial, viewer.id)
  const likes = useLikes(feed.setLiked)
  useStreamShell(feed.stream, feed.stream.tryNow)

  if (feed.stream.state === 'signed-out') return <SessionEnded mode="sse" back="/feed" />
  const post = () => {
    feed.pending.post(text)
    setText('')
  }
  const takeBack = ({ key, body }: PendingPost) => {
    feed.pending.drop(key)
    setText((before) => (before.trim() === '' ? body : `${before}\n${body}`))
  }
  const showNew = () => {
    feed.showWaiting()
    window.scrollTo({ top: 0 })
    // The new post is rendered by the next frame; focus moves to it for keyboard users.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>('article a')?.focus({ preventScroll: true }),
    )
  }
  return (
    <div className="feed-column pt-5 pb-8">
      <div className="md:pl-(--clock)">
        <h1 className="type-title max-md:sr-only">Feed</h1>
        <Composer
          label="New post"
          placeholder="What’s new?"
          verb="Post"
          text={text}
          onText={setText}
          max={postLimits.maxBody}
          onSend={post}
          className="md:mt-2.5"
        />
      </div>
      <div className="mt-5 border-t border-line-strong">
        <WireTrouble what="The feed" view={feed.stream} onTryNow={feed.stream.tryNow} className="mt-4" />
        <NewPosts count={feed.waiting.length} onShow={showNew} />
        <NamesakesProvider people={peopleOf(feed.posts)}>
          <ol ref={list} aria-label="Posts">
            {feed.pending.posts.map((one) => (
              <PendingPostRow
                key={one.key}
                post={one}
                name={viewer.name}
                onSendAgain={() => feed.pending.sendAgain(one)}
                onTakeBack={() => takeBack(one)}
              />
            ))}
            {feed.posts.map((one) => (
              <PostRow
                key={one.id}
                post={likes.asWanted(one)}
                readerId={viewer.id}
                arrived={feed.freshPosts.has(one.id)}
                freshComments={feed.freshComments}
                onLike={() => void likes.toggle(one)}
                onComments={feed.addComments}
              />
            ))}
          </ol>
        </NamesakesProvider>
        <OlderPosts
          none={feed.posts.length === 0 && feed.pending.posts.length === 0}
          more={feed.nextBefore !== null}
          loading={feed.loading}
          trouble={feed.trouble}
          onMore={feed.showOlder}
        />
      </div>
    </div>
  )
}

/** New posts by others: offered rather than inserted, so that nothing moves while it is being read. */
function NewPosts({ count, onShow }: { count: number; onShow: () => void }) {
  const words = `${count} new ${count === 1 ? 'post' : 'posts'}`
  return (
    <>
      <p role="status" className="sr-only">
        {count > 0 && words}
      </p>
      {count > 0 && (
        <div className="sticky top-[calc(var(--bar)+8px)] z-9 flex h-0 justify-center">
          <Button onClick={onShow} className="mt-3 h-8 border-ink bg-raised hover:bg-hover">
            <Icon name="up" /> {words}
          </Button>
        </div>
      )}
    </>
  )
}

type OlderPostsProps = {
  /** The feed is empty. */
  none: boolean
  more: boolean
  loading: boolean
  trouble: Problem | 'unanswered' | undefined
  onMore: () => void
}

/** The foot of the feed: older posts when scrolled to or requested, why they could not be loaded, or the end. */
function OlderPosts({ none, more, loading, trouble, onMore }: OlderPostsProps) {
  const end = useNearEnd(onMore, more && !loading && !trouble)
  if (none && !more) return <NoPosts />
  return (
    <div ref={end} className="pt-5 md:pl-(--clock)">
      {trouble && <Trouble trouble={trouble} />}
      {more ? (
        <Button pending={loading} onClick={onMore}>
          {loading ? 'Loading older posts' : 'Show older posts'}
        </Button>
      ) : (
        <p className="text-ui text-ink-3">No older posts.</p>
      )}
    </div>
  )
}

function Trouble({ trouble }: { trouble: Problem | 'unanswered' }) {
  return (
    <Notice danger className="mb-4">
      {trouble === 'unanswered' ? 'No response from the server.' : `${trouble.detail ?? trouble.title}.`}
      {trouble !== 'unanswered' && trouble.requestId && (
        <span className="type-data block text-ink-2">request {trouble.requestId}</span>
      )}
    </Notice>
  )
}

function NoPosts() {
  return (
    <div className="pt-12 md:pl-(--clock)">
      <StateBlock drawing={<LaneDrawing kind="sse" look="beating" />} title="No posts yet">
        The stream is open. New posts appear here without a reload. Write the first one.
      </StateBlock>
    </div>
  )
}

type PendingPostRowProps = {
  post: PendingPost
  name: string
  onSendAgain: () => void
  /** Puts the text back into the field. */
  onTakeBack: () => void
}

/** A post being sent, shown in its future position; a failed one keeps its text and can be resent. */
function PendingPostRow({ post, name, onSendAgain, onTakeBack }: PendingPostRowProps) {
  const { body, atMs, trouble } = post
  const state = trouble ? (trouble.state === 'refused' ? 'not sent' : 'not confirmed') : 'on its way'
  return (
    <li className="border-b border-line">
      <article
        aria-label={`Your post, ${state}`}
        className="grid grid-cols-[var(--clock)_minmax(0,1fr)] pt-4 pb-4"
      >
        <PostTime at={atMs} className="pt-1 text-ink-3" />
        <div className="min-w-0">
          <header className="flex items-baseline justify-between gap-4">
            <h2 className="type-section leading-6 wrap-anywhere">
              <bdi>{name}</bdi>
            </h2>
            <span className="type-axis inline-flex items-center gap-2 text-ink-3">
              {trouble ? state : <PendingDashes />}
            </span>
          </header>
          <div className="max-w-[640px]">
            <div className="text-ink-2">
              <RichText text={body} />
            </div>
            {trouble && (
              <>
                <div className="mt-2.5">
                  <SendTrouble trouble={trouble} />
                </div>
                <div className="mt-2.5 flex gap-2">
                  <Button onClick={onSendAgain}>Send again</Button>
                  <Button look="quiet" onClick={onTakeBack}>
                    Discard
                  </Button>
                </div>
              </>
            )}
          </div>
        </div>
      </article>
    </li>
  )
}

/** The feed's layout while its posts are loading. */
export function FeedSkeleton() {
  return (
    <div className="feed-column pt-5">
      <div className="md:pl-(--clock)">
        <h1 className="type-title max-md:sr-only">Feed</h1>
        <Skeleton className="mt-2.5 h-11" />
      </div>
      <div className="mt-5">
        <SkeletonRows rows={4} label="Loading the feed" />
      </div>
    </div>
  )
}
