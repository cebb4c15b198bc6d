import { Button } from '#components/ui/button.tsx'
import { PendingDashes } from '#components/ui/pending-dashes.tsx'
import type { Problem } from '#server/protocol/protocol.ts'
import { chatGrid } from './message-row.tsx'

type OlderMessagesProps = {
  more: boolean
  loading: boolean
  trouble: Problem | 'unanswered' | undefined
  onMore: () => void
}

/** What stands over the oldest message that is here: more is coming, could not be had, or this is where it began. */
export function OlderMessages({ more, loading, trouble, onMore }: OlderMessagesProps) {
  return (
    <div className={`${chatGrid} pt-4 text-ui text-ink-3`}>
      <div role="status" className="col-start-2 flex min-h-6 items-center gap-3">
        {loading && (
          <>
            <PendingDashes /> Reading older messages
          </>
        )}
        {!loading && trouble && (
          <>
            <span className="text-danger">
              {trouble === 'unanswered' ? 'No answer came.' : `${trouble.detail ?? trouble.title}.`}
            </span>
            <Button small onClick={onMore}>
              Try again
            </Button>
          </>
        )}
        {!loading && !trouble && !more && 'This is where the room begins.'}
      </div>
    </div>
  )
}
