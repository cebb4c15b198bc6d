'use client'
import { classes } from '#components/ui/classes.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import type { WireComment } from '#server/protocol/protocol.ts'
import { PostTime } from './post-time.tsx'

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
export function CommentLine({ comment, readerId, aimed, arrived, timed }: CommentLineProps) {
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
