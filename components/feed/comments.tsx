'use client'

import { useState } from 'react'
import { browserClock } from '#components/live/clock.ts'
import { request } from '#components/live/request.ts'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import { Time } from '#components/ui/time.tsx'
import { useMounted } from '#components/ui/use-mounted.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { WireComment, WireCommentList, WirePost } from '#server/protocol/feed.ts'

type CommentsProps = {
  post: WirePost
  readerId: string
  older: OlderComments
  aimedAt?: number
  /** The ids of comments that have just arrived. */
  fresh: ReadonlySet<number>
  /** On the post's own page, where there is more space. */
  wide?: boolean
}

/** A post's newest comments, oldest first, and a button for earlier ones. */
export function Comments({ post, readerId, older, aimedAt, fresh, wide }: CommentsProps) {
  const { comments, commentCount } = post
  const missing = commentCount - comments.length
  if (commentCount === 0) return null
  return (
    <div className="mt-2.5">
      {(missing > 0 || older.trouble) && older.more && (
        <div className="flex flex-wrap items-center gap-3 pb-1.5">
          <Button small pending={older.fetching} onClick={older.showMore}>
            {older.begun ? `Show earlier (${formatCount(missing)})` : `Show all ${formatCount(commentCount)}`}
          </Button>
          {older.trouble && (
            <span role="alert" className="text-ui text-danger">
              {older.trouble}
            </span>
          )}
        </div>
      )}
      <ol aria-label="Comments" className={wide ? 'space-y-2 pb-2' : 'space-y-1'}>
        {comments.map((comment) => (
          <CommentLine
            key={comment.id}
            comment={comment}
            readerId={readerId}
            aimed={comment.id === aimedAt}
            arrived={fresh.has(comment.id)}
            timed={wide}
          />
        ))}
      </ol>
    </div>
  )
}

type CommentLineProps = {
  comment: WireComment
  readerId: string
  /** The target of the link that was followed. */
  aimed?: boolean
  /** Has just arrived. */
  arrived?: boolean
  /** Shows when it was written. */
  timed?: boolean
}

/** One comment under its post. A link to it ends in its id. */
function CommentLine({ comment, readerId, aimed, arrived, timed }: CommentLineProps) {
  const { id, author, body, at } = comment
  return (
    <li
      id={`comment-${id}`}
      className={classes(
        'grid scroll-mt-20 grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-l py-1.5 pl-3 text-ui [--wash:var(--sse-wash)]',
        aimed ? 'border-sse bg-sse-wash shadow-[inset_2px_0_0_var(--sse)]' : 'border-line-strong',
        arrived && 'arrives motion-reduce:animate-none',
      )}
    >
      <div className="min-w-0 text-ink-2">
        <strong className="font-semibold text-ink">
          {author.id === readerId ? 'You' : <PersonName person={author} />}
        </strong>{' '}
        <RichText text={body} quoted />
      </div>
      {timed && <PostTime at={at} className="text-[11px] text-ink-3" />}
    </li>
  )
}

/** When something was written: the time if today, otherwise the date. */
export function PostTime({ at, className }: { at: string | number; className?: string }) {
  const mounted = useMounted()
  const today = !mounted || new Date(at).toDateString() === new Date().toDateString()
  return (
    <Time at={at} style={today ? 'second' : 'day'} phone={today ? 'minute' : 'day'} className={className} />
  )
}

type OlderComments = {
  /** Whether the first page has been requested. */
  begun: boolean
  more: boolean
  fetching: boolean
  trouble?: string
  showMore: () => Promise<void>
}

/** The comments earlier than those loaded, page by page, newest page first. `onComments` receives each page. */
export function useOlderComments(
  postId: number,
  onComments: (comments: readonly WireComment[]) => void,
): OlderComments {
  const [next, setNext] = useState<string | null>()
  const [fetching, setFetching] = useState(false)
  const [trouble, setTrouble] = useState<string>()

  const showMore = async () => {
    if (fetching || next === null) return
    setFetching(true)
    const before = next === undefined ? '' : `?before=${encodeURIComponent(next)}`
    const place = { url: `/api/posts/${postId}/comments${before}` }
    const wire = { fetch: pageRecorder.fetch, clock: browserClock }
    const answer = await request<WireCommentList>(place, 0, wire, new AbortController().signal)
    setFetching(false)
    if (answer.type === 'changed') {
      setTrouble(undefined)
      setNext(answer.value.nextBefore)
      onComments(answer.value.items)
    } else {
      const problem = 'problem' in answer ? answer.problem : undefined
      setTrouble(problem ? `${problem.detail ?? problem.title}.` : 'No response from the server.')
    }
  }
  return { begun: next !== undefined, more: next !== null, fetching, trouble, showMore }
}
