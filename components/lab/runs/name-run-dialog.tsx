'use client'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { ListedRun } from '#server/protocol/lab-runs.ts'
import { runNameSchema } from '#server/protocol/lab-schemas.ts'
import { nameRun, whyNot } from './run-orders.ts'
import { runTitle } from './run-words.ts'

type NameRunDialogProps = { run: ListedRun; onClose: () => void; onNamed: (name: string | null) => void }

/** Names a run, so that it can be found again. */
export function NameRunDialog({ run, onClose, onNamed }: NameRunDialogProps) {
  const [text, setText] = useState(runTitle(run))
  const [sending, setSending] = useState(false)
  const [why, setWhy] = useState<string>()
  const formId = useId()
  const field = useRef<HTMLInputElement>(null)
  // A modal dialog focuses its first button when it opens; here the name comes first.
  useEffect(() => field.current?.select(), [])
  const parsed = runNameSchema.safeParse({ name: text })

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (sending || !parsed.success) return
    setSending(true)
    const sent = await nameRun(run.id, parsed.data.name)
    setSending(false)
    if (sent.state === 'done') onNamed(sent.value.name)
    else setWhy(whyNot(sent))
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Name run ${run.number}`}
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
      <Form id={formId} onSubmit={send} noValidate className="space-y-4">
        <Field
          label="Name"
          autoComplete="off"
          ref={field}
          value={text}
          onChange={(event) => setText(event.target.value)}
          error={parsed.success ? undefined : 'Enter 1 to 80 characters.'}
        />
        {why && <Notice danger>{why}</Notice>}
      </Form>
    </Dialog>
  )
}
