'use client'

import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import type { WireComment, WirePost } from '#server/protocol/protocol.ts'
import { PostTime } from './post-time.tsx'
import type { OlderComments } from './use-older-comments.ts'

type CommentsProps = {
  post: WirePost
  readerId: string
  older: OlderComments
  aimedAt?: number
  /** The ids of those that have just come. */
  fresh: ReadonlySet<number>
  /** On the page of the post, where there is room between them. */
  wide?: boolean
}

/** The newest comments of a post, oldest first, and the way to the ones before them. */
export function Comments({ post, readerId, older, aimedAt, fresh, wide }: CommentsProps) {
  const { comments, commentCount } = post
  const missing = commentCount - comments.length
  if (commentCount === 0) return null
  return (
    <div className="mt-2.5">
      {(missing > 0 || older.trouble) && older.more && (
        <div className="flex flex-wrap items-center gap-3 pb-1.5">
          <Button small pending={older.fetching} onClick={older.showMore}>
            {older.begun
              ? `Show earlier ones (${formatCount(missing)})`
              : `Show all ${formatCount(commentCount)}`}
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
  /** The one that a link led to. */
  aimed?: boolean
  /** Has just come. */
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
