'use client'
import { Button } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Problem } from '#server/protocol/problems.ts'

type ShowMoreProps = {
  /** `orders`, `movements`. */
  what: string
  more: boolean
  loading: boolean
  trouble: Problem | 'unanswered' | undefined
  onMore: () => void
}

/** The end of a list that has more: the button for older items, or why they could not be loaded. */
export function ShowMore({ what, more, loading, trouble, onMore }: ShowMoreProps) {
  return (
    <>
      {trouble && (
        <Notice danger className="my-2">
          {trouble === 'unanswered' ? 'No response from the server.' : `${trouble.detail ?? trouble.title}.`}
        </Notice>
      )}
      {more && (
        <Button small className="my-2" pending={loading} onClick={onMore}>
          Show older {what}
        </Button>
      )}
    </>
  )
}
