'use client'
import { SendTrouble } from '#components/loans/send-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { PendingDashes } from '#components/ui/pending-dashes.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import { PostTime } from './post-time.tsx'
import type { PendingPost } from './use-pending-posts.ts'

type PendingPostRowProps = {
  post: PendingPost
  name: string
  onSendAgain: () => void
  /** Takes the text back into the field. */
  onTakeBack: () => void
}

/** A post on its way, where it will stand; one that failed keeps its text and can be sent again. */
export function PendingPostRow({ post, name, onSendAgain, onTakeBack }: PendingPostRowProps) {
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
                    Take back
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
