'use client'

import { useState } from 'react'
import type { ConnectionView } from '#components/live/connection.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { formatCount, formatDuration, missing } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { personLabel } from '#components/ui/person-label.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import type { WireMember, WireRoom } from '#server/protocol/chat.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { PeopleList } from './people-list.tsx'
import type { Presence } from './presence.ts'
import { failureReason, failureTitle, removeMember } from './room-requests.ts'
import type { Tally } from './room-state.ts'
import { useMembership } from './use-membership.ts'
import type { MoreMembers } from './use-room.ts'

type PeopleColumnProps = {
  room: WireRoom
  members: readonly WireMember[]
  more: MoreMembers
  presence: Presence | undefined
  readerId: string
  tally: Tally
  line: ConnectionView
}

/** The room's members, who has it open, the actions on them, and the figures of its delivery. */
export function PeopleColumn({ room, members, more, presence, readerId, tally, line }: PeopleColumnProps) {
  const [inviting, setInviting] = useState(false)
  const [leaving, setLeaving] = useState(false)
  const [going, setGoing] = useState<WireMember>()
  const membership = useMembership(room)
  const owns = room.role === 'owner'

  const sendOut = async (member: WireMember) => {
    setGoing(undefined)
    const sent = await removeMember(room.id, member.id)
    if (sent.state !== 'done') {
      const title = failureTitle(sent, `${personLabel(member)} is still in the room.`)
      showToast({ title, text: failureReason(sent), danger: true })
    }
  }
  return (
    <>
      <section aria-label="People">
        <div className="flex h-13 items-center justify-between border-b border-line">
          <h2 className="type-section">Here</h2>
          <span className="type-data text-ink-3">
            {presence?.count ?? '—'} of {formatCount(room.memberCount)}
          </span>
        </div>
        <PeopleList
          members={members}
          presence={presence}
          readerId={readerId}
          onPutOut={owns ? setGoing : undefined}
        />
        {more.failed && (
          <p role="status" className="pb-2 text-ui text-danger">
            No response from the server.
          </p>
        )}
        {more.left && (
          <Button small className="mb-2" pending={more.loading} onClick={more.show}>
            Show more people
          </Button>
        )}
        {(owns || room.visibility === 'public') && (
          <button
            type="button"
            onClick={() => setInviting(true)}
            className="-ml-1 flex h-8 items-center gap-1.5 rounded pr-2 text-ui text-ink-2 hover:bg-hover hover:text-ink max-md:h-11"
          >
            <Icon name="plus" className="scale-75" /> Invite people
          </button>
        )}
      </section>
      <DeliveryFigures tally={tally} line={line} />
      <button
        type="button"
        onClick={() => setLeaving(true)}
        className="mt-5 mb-4 h-8 self-start text-ui text-ink-2 hover:text-ink max-md:h-11"
      >
        <span className="link">Leave room</span>
      </button>
      <InviteDialog
        open={inviting}
        onClose={() => setInviting(false)}
        roomId={room.id}
        roomName={room.name}
        members={members}
      />
      <Dialog
        open={leaving}
        onClose={() => setLeaving(false)}
        title={`Leave ${room.name}?`}
        actions={
          <>
            <Button look="quiet" onClick={() => setLeaving(false)}>
              Stay
            </Button>
            <Button look="danger" pending={membership.busy} onClick={membership.leaveOpen}>
              Leave
            </Button>
          </>
        }
      >
        {room.visibility === 'public'
          ? 'You can rejoin at any time and read what you missed.'
          : 'You’ll need a new invitation to come back.'}
      </Dialog>
      <Dialog
        open={going !== undefined}
        onClose={() => setGoing(undefined)}
        title="Remove from the room?"
        actions={
          <>
            <Button look="quiet" onClick={() => setGoing(undefined)}>
              Cancel
            </Button>
            <Button look="danger" onClick={() => going && void sendOut(going)}>
              Remove
            </Button>
          </>
        }
      >
        {going && <PersonName person={going} className="font-semibold" />} loses access to the room at once,
        including in tabs that have it open.
      </Dialog>
    </>
  )
}

/** This page's own measurements of delivery: the room's seqs counted, acknowledgements timed. */
function DeliveryFigures({ tally, line }: { tally: Tally; line: ConnectionView }) {
  const figures = [
    ['lost', formatCount(tally.lost), tally.lost > 0],
    ['duplicates', formatCount(tally.twice), tally.twice > 0],
    ['ack p50', duration(line.ackP50Ms), false],
    ['ack p99', duration(line.ackP99Ms), false],
    ['reconnects', formatCount(Math.max(0, line.reconnects)), false],
  ] as const
  return (
    <section aria-label="Delivery" className="mt-6">
      <h2 className="type-section border-b border-line pb-2">Delivery</h2>
      <dl>
        {figures.map(([name, value, bad]) => (
          <div key={name} className="flex h-7 items-center justify-between border-b border-line text-ui">
            <dt className="text-ink-2">{name}</dt>
            <dd className={`type-data ${bad ? 'text-danger' : ''}`}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function duration(ms: number | undefined): string {
  return ms === undefined ? missing : formatDuration(ms)
}
