'use client'
import { Icon } from '#components/ui/icon.tsx'
import { personLabel } from '#components/ui/person-label.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireMember } from '#server/protocol/chat.ts'
import { byPresence, type Presence } from './presence.ts'

type PeopleListProps = {
  members: readonly WireMember[]
  presence: Presence | undefined
  readerId: string
  /** Only for the owner. */
  onPutOut?: (member: WireMember) => void
}

/** The room's members: solid has it open, hollow does not, or it is unknown. */
export function PeopleList({ members, presence, readerId, onPutOut }: PeopleListProps) {
  return (
    <ul className="py-2">
      {byPresence(members, presence).map((member) => {
        const { id, role } = member
        const here = presence?.here.has(id) ?? false
        return (
          <li key={id} className="group flex h-8 items-center gap-2.5 text-ui max-md:h-11">
            <PresenceMark here={here} />
            <span className={here ? 'min-w-0 truncate' : 'min-w-0 truncate text-ink-2'}>
              <PersonName person={member} />
              <span className="sr-only">{wordOf(presence, here)}</span>
            </span>
            <span className="type-axis ml-auto flex items-center gap-2 whitespace-nowrap text-ink-3">
              <Note presence={presence} member={member} readerId={readerId} />
              {onPutOut && role !== 'owner' && (
                <button
                  type="button"
                  aria-label={`Remove ${personLabel(member)} from the room`}
                  title="Remove from the room"
                  onClick={() => onPutOut(member)}
                  className="-mr-1.5 grid size-7 place-items-center rounded hover:bg-hover hover:text-ink max-md:size-11 [@media(hover:hover)]:not-group-hover:not-focus-visible:opacity-0"
                >
                  <Icon name="close" className="size-3" />
                </button>
              )}
            </span>
          </li>
        )
      })}
    </ul>
  )
}

function Note({
  presence,
  member,
  readerId,
}: Pick<PeopleListProps, 'presence' | 'readerId'> & { member: WireMember }) {
  if (member.id === readerId) return 'you'
  const goneAtMs = presence?.goneAtMs.get(member.id)
  if (goneAtMs !== undefined) {
    return (
      <span>
        since <Time at={goneAtMs} style="minute" className="text-axis" />
      </span>
    )
  }
  return member.role === 'owner' ? 'owner' : undefined
}

function wordOf(presence: Presence | undefined, here: boolean): string {
  if (!presence) return ''
  return here ? ', online' : ', offline'
}

function PresenceMark({ here }: { here: boolean }) {
  return (
    <svg width={8} height={8} className={`shrink-0 ${here ? '' : 'text-ink-3'}`} aria-hidden>
      <rect
        x={0.5}
        y={0.5}
        width={7}
        height={7}
        fill={here ? 'currentColor' : 'none'}
        stroke="currentColor"
      />
    </svg>
  )
}
