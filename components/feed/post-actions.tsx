'use client'
import { formatCount } from '#components/ui/format.ts'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { WirePost } from '#server/protocol/feed.ts'

const look =
  '-ml-2 inline-flex h-8 items-center gap-1.5 rounded px-2 text-ink-2 hover:bg-hover hover:text-ink max-md:h-11'

type PostActionsProps = {
  post: WirePost
  onLike: () => void
  /** Opens the comment field; `open` says whether it is open. */
  onComment: () => void
  open: boolean
}

/** Like and comment buttons, each with its count. */
export function PostActions({ post, onLike, onComment, open }: PostActionsProps) {
  const { commentCount } = post
  return (
    <div className="mt-0.5 flex gap-4">
      <LikeButton post={post} onLike={onLike} />
      <button
        type="button"
        aria-expanded={open}
        aria-label={`Comment, ${formatCount(commentCount)} so far`}
        onClick={onComment}
        className={look}
      >
        <Icon name="comment" />
        <span className="type-data min-w-4">{formatCount(commentCount)}</span>
      </button>
    </div>
  )
}

/** A heart, filled if the reader likes the post. */
export function LikeButton({
  post: { likes, likedByMe },
  onLike,
}: Pick<PostActionsProps, 'post' | 'onLike'>) {
  return (
    <button
      type="button"
      aria-pressed={likedByMe}
      aria-label={`Like, ${people(likes)}`}
      onClick={onLike}
      className={look}
    >
      <Icon name="heart" filled={likedByMe} className={likedByMe ? 'text-ink' : undefined} />
      <span className="type-data min-w-4">{formatCount(likes)}</span>
    </button>
  )
}

/** A post's number, linking to its page. */
export function PostNumber({ id }: { id: number }) {
  return (
    <HoverLink
      href={`/feed/${id}`}
      className="type-axis whitespace-nowrap text-ink-3 hover:text-ink hover:underline"
    >
      post {id}
    </HoverLink>
  )
}

function people(likes: number): string {
  return `${formatCount(likes)} ${likes === 1 ? 'person does' : 'people do'}`
}
