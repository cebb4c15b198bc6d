'use client'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId, useState } from 'react'
import { newKey } from '#components/live/send-json.ts'
import { Button } from '#components/ui/button.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { roomLimits, type Visibility } from '#server/protocol/chat.ts'
import { createRoom, failureReason } from './room-requests.ts'
import { useRoomsLedger } from './use-rooms.ts'

const visibilities = [
  { value: 'public', label: 'Open to all' },
  { value: 'invite', label: 'Invite only' },
] as const

const hints = {
  public: 'Anyone signed in can see it and join.',
  invite: 'Only people you invite can see it.',
} as const satisfies Record<Visibility, string>

/** Creates a room: its name, who may join, and its topic. */
export function CreateRoomDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const formId = useId()
  const [name, setName] = useState('')
  const [topic, setTopic] = useState('')
  const [visibility, setVisibility] = useState<Visibility>('public')
  const [key, setKey] = useState(newKey)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<string>()
  const { refresh } = useRoomsLedger()
  const router = useRouter()

  const create = async (event: FormEvent) => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    const about = topic.trim()
    const sent = await createRoom({ name: name.trim(), visibility, ...(about && { topic: about }) }, key)
    setBusy(false)
    if (sent.state !== 'unanswered') setKey(newKey())
    if (sent.state !== 'done') return setTrouble(failureReason(sent))
    setTrouble(undefined)
    setName('')
    setTopic('')
    onClose()
    void refresh()
    router.push(`/chat/${sent.value.id}`)
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="New room"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={formId} pending={busy} disabled={name.trim() === ''}>
            Create room
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={create} className="space-y-4">
        <Field
          label="Name"
          value={name}
          maxLength={roomLimits.maxName}
          autoComplete="off"
          onChange={({ target }) => setName(target.value)}
        />
        <div>
          <Choice
            label="Who can join"
            options={visibilities}
            value={visibility}
            onChange={setVisibility}
            wide
          />
          <p className="mt-1 text-ui text-ink-3">{hints[visibility]}</p>
        </div>
        <Field
          label="Topic (optional)"
          value={topic}
          maxLength={roomLimits.maxTopic}
          autoComplete="off"
          onChange={({ target }) => setTopic(target.value)}
        />
        {trouble && <Notice danger>{trouble}</Notice>}
      </Form>
    </Dialog>
  )
}
