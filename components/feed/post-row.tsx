'use client'
import { useState } from 'react'
import { classes } from '#components/ui/classes.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import type { WireComment, WirePost } from '#server/protocol/feed.ts'
import { CommentForm } from './comment-form.tsx'
import { Comments, PostTime, useOlderComments } from './comments.tsx'
import { PostActions, PostNumber } from './post-actions.tsx'

type PostRowProps = {
  post: WirePost
  readerId: string
  /** Has just arrived. */
  arrived?: boolean
  /** The comments that have just arrived. */
  freshComments: ReadonlySet<number>
  onLike: (post: WirePost) => void
  onComments: (postId: number, comments: readonly WireComment[]) => void
}

/** One post on the timeline: when, who, what; its newest comments; its counts, which update in place. */
export function PostRow({ post, readerId, arrived, freshComments, onLike, onComments }: PostRowProps) {
  const [writing, setWriting] = useState(false)
  const add = (comments: readonly WireComment[]) => onComments(post.id, comments)
  const older = useOlderComments(post.id, add)
  const nameId = `post-${post.id}-author`
  return (
    <li
      id={`post-${post.id}`}
      className={classes(
        'scroll-mt-20 border-b border-line last:border-0 [--wash:var(--sse-wash)]',
        arrived && 'arrives motion-reduce:animate-none',
      )}
    >
      <article aria-labelledby={nameId} className="grid grid-cols-[var(--clock)_minmax(0,1fr)] pt-4 pb-2">
        <PostTime at={post.at} className="pt-1 text-ink-2" />
        <div className="min-w-0">
          <header className="flex items-baseline justify-between gap-4">
            <h2 id={nameId} className="type-section leading-6 wrap-anywhere font-stretch-100%">
              <PersonName person={post.author} />
            </h2>
            <PostNumber id={post.id} />
          </header>
          <div className="max-w-[640px]">
            <RichText text={post.body} />
            <Comments post={post} readerId={readerId} older={older} fresh={freshComments} />
            <PostActions
              post={post}
              open={writing}
              onLike={() => onLike(post)}
              onComment={() => setWriting(!writing)}
            />
            {writing && <CommentForm post={post} autoFocus onWritten={(comment) => add([comment])} />}
          </div>
        </div>
      </article>
    </li>
  )
}
