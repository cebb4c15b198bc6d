'use client'
import type { Viewer } from '#server/protocol/protocol.ts'
import { MessageList } from './message-list.tsx'
import { OlderMessages } from './older-messages.tsx'
import { NothingSaid } from './room-states.tsx'
import type { OpenRoom } from './use-open-room.ts'

/** What was said and what is on its way, in a box that scrolls and begins at its end. */
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
          <NothingSaid />
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
