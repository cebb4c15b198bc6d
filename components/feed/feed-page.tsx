'use client'
import { useRef, useState } from 'react'
import { SessionEnded } from '#components/loans/poll-trouble.tsx'
import { useStreamShell } from '#components/shell/use-stream-shell.ts'
import { WireTrouble } from '#components/shell/wire-trouble.tsx'
import { NamesakesProvider } from '#components/ui/person-name.tsx'
import { postLimits, type Viewer, type WirePostList } from '#server/protocol/protocol.ts'
import { Composer } from './composer.tsx'
import { peopleOf } from './feed-state.ts'
import { NewPosts } from './new-posts.tsx'
import { OlderPosts } from './older-posts.tsx'
import { PendingPostRow } from './pending-post-row.tsx'
import { PostRow } from './post-row.tsx'
import { useFeed } from './use-feed.ts'
import { useLikes } from './use-likes.ts'
import type { PendingPost } from './use-pending-posts.ts'

type FeedPageProps = { initial: WirePostList; viewer: Viewer }

/** The feed: write, read, like, comment. It goes on live; what others write is offered and moves nothing. */
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
    // The newest is there with the next frame; whoever asked by the keyboard goes on from it.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>('article a')?.focus({ preventScroll: true }),
    )
  }
  return (
    <div className="feed-column pt-5 pb-8">
      <div className="md:pl-(--clock)">
        <h1 className="type-title max-md:sr-only">Feed</h1>
        <Composer
          label="A new post"
          placeholder="What happened?"
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
