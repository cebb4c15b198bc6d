'use client'
import { Button } from '#components/ui/button.tsx'
import { formatCount } from '#components/ui/format.ts'
import type { WirePost } from '#server/protocol/protocol.ts'
import { CommentLine } from './comment-line.tsx'
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
