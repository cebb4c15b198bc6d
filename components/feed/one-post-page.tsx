'use client'

import Link from 'next/link'
import { useEffect, useEffectEvent, useState } from 'react'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { SessionEnded } from '#components/shell/poll-trouble.tsx'
import { useStreamShell } from '#components/shell/use-stream-shell.ts'
import { WireTrouble } from '#components/shell/wire-trouble.tsx'
import { NamesakesProvider, PersonName } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import type { WireComment, WirePost } from '#server/protocol/feed.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { CommentForm } from './comment-form.tsx'
import { Comments, PostTime, useOlderComments } from './comments.tsx'
import { peopleOf } from './feed-state.ts'
import { LikeButton } from './post-actions.tsx'
import { useFeed } from './use-feed.ts'
import { useLikes } from './use-likes.ts'

/** How many comments are loaded without asking. */
const readAtOnce = 100

type OnePostPageProps = {
  initial: WirePost
  /** The position on the stream `feed` from which the post is kept live. */
  cursor: string
  viewer: Viewer
}

/** One post with all its comments, live. */
export function OnePostPage({ initial, cursor, viewer }: OnePostPageProps) {
  const feed = useFeed({ items: [initial], cursor, nextBefore: null }, viewer.id)
  const likes = useLikes(feed.setLiked)
  const told = feed.posts.find(({ id }) => id === initial.id) ?? initial
  const post = likes.asWanted(told)
  const add = (comments: readonly WireComment[]) => feed.addComments(post.id, comments)
  const older = useOlderComments(post.id, add)
  const aimedAt = useLinkedComment()
  useStreamShell(feed.stream, feed.stream.tryNow)

  const here = post.comments.length
  const aimedIsHere = aimedAt === undefined || post.comments.some(({ id }) => id === aimedAt)
  const wanted =
    here < post.commentCount && older.more && !older.trouble && (here < readAtOnce || !aimedIsHere)
  const readOn = useEffectEvent(() => void older.showMore())
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page that came may want the next
  useEffect(() => {
    if (wanted) readOn()
  }, [wanted, here])
  useEffect(() => {
    if (aimedAt !== undefined && aimedIsHere) {
      document.getElementById(`comment-${aimedAt}`)?.scrollIntoView({ block: 'center' })
    }
  }, [aimedAt, aimedIsHere])

  if (feed.stream.state === 'signed-out') return <SessionEnded mode="sse" back={`/feed/${post.id}`} />
  return (
    <NamesakesProvider people={peopleOf([post])}>
      <PhoneTitle back="/feed" backLabel="Feed" title={`Post ${post.id}`} />
      <div className="feed-column pb-8">
        <p className="type-label pt-5 max-md:hidden md:pl-(--clock)">
          <Link href="/feed" className="hover:text-ink">
            Feed
          </Link>{' '}
          / <span className="type-data">post {post.id}</span>
        </p>
        <WireTrouble what="The feed" view={feed.stream} onTryNow={feed.stream.tryNow} className="mt-4" />
        <article className="grid grid-cols-[var(--clock)_minmax(0,1fr)] pt-4">
          <PostTime at={post.at} className="pt-1 text-ink-2" />
          <div className="min-w-0 max-w-[640px]">
            <h1 className="type-section leading-6 wrap-anywhere">
              <PersonName person={post.author} />
            </h1>
            <RichText text={post.body} />
            <div className="mt-0.5 flex border-b border-line pb-2">
              <LikeButton post={post} onLike={() => void likes.toggle(told)} />
            </div>
            <Comments
              post={post}
              readerId={viewer.id}
              older={older}
              aimedAt={aimedAt}
              fresh={feed.freshComments}
              wide
            />
            <CommentForm post={post} onWritten={(comment) => add([comment])} />
          </div>
        </article>
      </div>
    </NamesakesProvider>
  )
}

/** The comment that the URL points to (`#comment-12`), also when the URL changes later. */
function useLinkedComment(): number | undefined {
  const [aimedAt, setAimedAt] = useState<number>()
  useEffect(() => {
    const look = () => {
      const id = /^#comment-(\d{1,10})$/.exec(window.location.hash)?.[1]
      setAimedAt(id === undefined ? undefined : Number(id))
    }
    look()
    window.addEventListener('hashchange', look)
    return () => window.removeEventListener('hashchange', look)
  }, [])
  return aimedAt
}
