'use client'

import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson } from '#components/live/send-json.ts'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import type { Person } from '#server/protocol/people.ts'
import { fieldErrors } from './field-errors.ts'

type NameDialogProps = { name: string; onClose: () => void; onRenamed: () => void }

/** Gives the reader another name. */
export function NameDialog({ name, onClose, onRenamed }: NameDialogProps) {
  const [text, setText] = useState(name)
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()
  const formId = useId()
  const field = useRef<HTMLInputElement>(null)
  // A modal dialog focuses its first button when it opens.
  useEffect(() => field.current?.select(), [])
  const errors = fieldErrors(trouble)

  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (sending) return
    setSending(true)
    const sent = await sendJson<Person>(pageFetch, '/api/account/name', { name: text }, undefined, 'PUT')
    setSending(false)
    if (sent.state !== 'done') return setTrouble(sent)
    showToast({ title: 'Name changed.', text: `You’re ${sent.value.name} from now on.` })
    onRenamed()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Change your name"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={formId} pending={sending}>
            Save
          </Button>
        </>
      }
    >
      <Form id={formId} onSubmit={save} noValidate className="space-y-4">
        <Field
          ref={field}
          label="Name"
          autoComplete="name"
          value={text}
          onChange={({ target }) => setText(target.value)}
          hint="Your handle stays, so mentions and invitations keep reaching you."
          error={errors.name}
        />
        {trouble && !errors.name && <SendTrouble trouble={trouble} />}
      </Form>
    </Dialog>
  )
}
