'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { usePeople } from '#components/ui/mention-field.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { Person } from '#server/protocol/people.ts'
import { failureReason, invite } from './room-requests.ts'

type InviteDialogProps = {
  open: boolean
  onClose: () => void
  roomId: string
  roomName: string
  members: readonly Person[]
}

/** Invites people, found by the beginning of their name or handle. */
export function InviteDialog({ open, onClose, roomId, roomName, members }: InviteDialogProps) {
  const [prefix, setPrefix] = useState('')
  const [asked, setAsked] = useState<ReadonlySet<string>>(new Set())
  const [trouble, setTrouble] = useState<string>()
  const found = usePeople(open && prefix.trim() !== '' ? prefix.trim() : undefined)
  const people = found.filter(({ id }) => !members.some((member) => member.id === id))

  const ask = async (person: Person) => {
    const sent = await invite(roomId, person.id)
    if (sent.state !== 'done') return setTrouble(failureReason(sent))
    setTrouble(undefined)
    setAsked((before) => new Set([...before, person.id]))
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Invite to ${roomName}`}
      actions={<Button onClick={onClose}>Done</Button>}
    >
      <Field
        label="Name or handle"
        value={prefix}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        placeholder="mira"
        onChange={({ target }) =>
          setPrefix(
            target.value
              .replace(/^@/, '')
              .replace(/[^\p{L}\p{M}\p{N} .'’-]/gu, '')
              .slice(0, 40),
          )
        }
      />
      <ul aria-label="People found" className="mt-2 min-h-24">
        {people.map((person) => (
          <li key={person.id} className="flex h-10 items-center gap-3 border-b border-line last:border-0">
            <span className="min-w-0 flex-1 truncate text-ink">
              <bdi>{person.name}</bdi>{' '}
              <span translate="no" className="type-data text-ink-3">
                @{person.handle}
              </span>
            </span>
            {asked.has(person.id) ? (
              <span role="status">Invited</span>
            ) : (
              <Button
                small
                aria-label={`Invite ${person.name} (@${person.handle})`}
                onClick={() => void ask(person)}
              >
                Invite
              </Button>
            )}
          </li>
        ))}
        {prefix !== '' && people.length === 0 && (
          <li className="pt-2 text-ink-3">No one else’s name or handle starts with that.</li>
        )}
      </ul>
      {trouble && <Notice danger>{trouble}</Notice>}
    </Dialog>
  )
}
