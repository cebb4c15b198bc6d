'use client'

import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { tellNews } from '#components/live/cross-check.ts'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson, unansweredWords } from '#components/live/send-json.ts'
import { SendTrouble, type Unsent } from '#components/shell/send-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { fieldErrors } from './field-errors.ts'

/** Changes the reader's password, which ends their sessions elsewhere. */
export function PasswordDialog({ onClose }: { onClose: () => void }) {
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()
  const formId = useId()
  const form = useRef<HTMLFormElement>(null)
  // A modal dialog focuses its first button when it opens.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  useEffect(() => {
    if (trouble) form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  }, [trouble])
  const errors = fieldErrors(trouble)

  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (sending) return
    const passwords = Object.fromEntries(new FormData(event.currentTarget))
    setSending(true)
    const sent = await sendJson(pageFetch, '/api/auth/change-password', passwords)
    setSending(false)
    if (sent.state !== 'done') return setTrouble(sent)
    showToast({ title: 'Password changed.', text: 'All other sessions have ended.' })
    tellNews('bell', ['sessions'])
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Change your password"
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={formId} pending={sending}>
            Change password
          </Button>
        </>
      }
    >
      <Form ref={form} id={formId} onSubmit={save} noValidate className="space-y-4">
        <Field
          label="Current password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          error={errors.currentPassword}
        />
        <Field
          label="New password"
          name="newPassword"
          type="password"
          autoComplete="new-password"
          hint="At least 8 characters."
          error={errors.newPassword}
        />
        <p>All your other sessions end. You stay signed in here.</p>
        {trouble?.state === 'unanswered' && (
          <Notice danger>
            {unansweredWords(trouble)} Your password may have been changed: if the current one is refused now,
            use the new one.
          </Notice>
        )}
        {trouble?.state === 'refused' && Object.keys(errors).length === 0 && (
          <SendTrouble trouble={trouble} />
        )}
      </Form>
    </Dialog>
  )
}
