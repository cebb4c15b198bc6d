'use client'
import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { Button } from '#components/ui/button.tsx'
import { personLabel } from '#components/ui/person-label.ts'
import { StateBlock } from '#components/ui/state-block.tsx'
import type { WireRoom } from '#server/protocol/chat.ts'
import { RoomHead, RoomPhoneTitle } from './room-head.tsx'
import { useMembership } from './use-membership.ts'

/** A room for non-members: what it is, and the button to join. Its messages are for members only. */
export function JoinRoom({ room }: { room: WireRoom }) {
  const { busy, join, leaveOpen } = useMembership(room)
  const { invited, memberCount, topic } = room
  return (
    <section aria-label={room.name} className="flex min-w-0 flex-1 flex-col">
      <RoomPhoneTitle room={room} />
      <RoomHead room={room} people={memberCount} />
      <div className="px-(--chat-x) py-12">
        <StateBlock
          drawing={<LaneDrawing kind="ws" look="hollow" />}
          title={invited ? `${personLabel(invited.by)} invited you` : 'You’re not in this room'}
          actions={
            <>
              <Button look="primary" pending={busy} onClick={join}>
                Join
              </Button>
              {invited && (
                <Button look="quiet" onClick={leaveOpen}>
                  Decline
                </Button>
              )}
            </>
          }
        >
          {topic && <span className="block pb-2">{topic}</span>}
          {memberCount === 1 ? 'One person is' : `${memberCount} people are`} in this room. Only members can
          read its messages.
        </StateBlock>
      </div>
    </section>
  )
}
