'use client'

import { Button } from '#components/ui/button.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import type { Viewer } from '#server/protocol/people.ts'
import type { Problem } from '#server/protocol/problems.ts'
import { MessageList } from './message-list.tsx'
import { chatGrid } from './message-row.tsx'
import { NoMessagesYet } from './room-states.tsx'
import type { OpenRoom } from './use-open-room.ts'

/** The messages sent and pending, in a box that scrolls and starts at its end. */
export function Conversation({ open, viewer }: { open: OpenRoom; viewer: Viewer }) {
  const { room, sending, place, doing } = open
  const isEmpty = room.messages.length === 0 && sending.outgoing.length === 0
  return (
    <div
      ref={place.scroller}
      className="flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain [overflow-anchor:none]"
    >
      <div ref={place.content} className="pb-3">
        {isEmpty ? (
          <NoMessagesYet />
        ) : (
          <OlderMessages
            more={room.nextBefore !== null}
            loading={open.loading}
            trouble={open.trouble}
            onMore={() => void open.showOlder()}
          />
        )}
        <MessageList
          messages={room.messages}
          outgoing={sending.outgoing}
          viewer={viewer}
          since={open.reading.since}
          arrivedAfter={open.arrivedAfter}
          aimedAt={open.aimedAt}
          editing={doing.editing}
          held={doing.picking?.seq}
          owns={open.own.role === 'owner'}
          offline={!open.standing}
          actions={doing.actions}
          onSendAgain={sending.sendAgain}
          onDrop={sending.drop}
        />
      </div>
    </div>
  )
}

type OlderMessagesProps = {
  more: boolean
  loading: boolean
  trouble: Problem | 'unanswered' | undefined
  onMore: () => void
}

/** Shown above the oldest loaded message: more is loading, could not be loaded, or this is the beginning. */
function OlderMessages({ more, loading, trouble, onMore }: OlderMessagesProps) {
  return (
    <div className={`${chatGrid} pt-4 text-ui text-ink-3`}>
      <div role="status" className="col-start-2 flex min-h-6 items-center gap-3">
        {loading && (
          <>
            <PendingDashes /> Loading older messages
          </>
        )}
        {!loading && trouble && (
          <>
            <span className="text-danger">
              {trouble === 'unanswered'
                ? 'No response from the server.'
                : `${trouble.detail ?? trouble.title}.`}
            </span>
            <Button small onClick={onMore}>
              Try again
            </Button>
          </>
        )}
        {!loading && !trouble && !more && 'This is the beginning of the room.'}
      </div>
    </div>
  )
}
