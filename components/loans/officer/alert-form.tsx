'use client'
import { type FormEvent, useState } from 'react'
import { newKey, sendJson } from '#components/live/send-json.ts'
import { SendTrouble, type Unsent } from '#components/loans/send-trouble.tsx'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { TextArea } from '#components/ui/text-area.tsx'
import { showToast } from '#components/ui/toast-store.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import { alertSchema, type WireAlert } from '#server/protocol/protocol.ts'

const blank = { title: '', body: '' }

/** Writes an alert. One key for each: pressed twice, or sent again after a cut line, everybody is told once. */
export function AlertForm({ onSent }: { onSent: () => void }) {
  const [alert, setAlert] = useState(blank)
  const [key, setKey] = useState(newKey)
  const [touched, setTouched] = useState(false)
  const [sending, setSending] = useState(false)
  const [trouble, setTrouble] = useState<Unsent>()
  const issues = alertSchema.safeParse(alert).error?.issues ?? []
  const wrong = (field: keyof typeof blank) =>
    touched ? issues.find(({ path }) => path[0] === field)?.message : undefined

  const change = (changed: Partial<typeof blank>) => {
    setAlert({ ...alert, ...changed })
    if (!trouble) return
    // Other words are another alert.
    setTrouble(undefined)
    setKey(newKey())
  }
  const send = async (event: FormEvent) => {
    event.preventDefault()
    setTouched(true)
    if (sending || issues.length > 0) return
    setSending(true)
    const sent = await sendJson<WireAlert>(pageRecorder.fetch, '/api/alerts', alert, key)
    setSending(false)
    if (sent.state !== 'done') return setTrouble(sent)
    showToast({ title: 'On its way.', text: alert.title })
    setTrouble(undefined)
    setTouched(false)
    setAlert(blank)
    setKey(newKey())
    onSent()
  }
  return (
    <Form onSubmit={send} noValidate className="max-w-[560px] space-y-3 pt-4">
      <Field
        label="Title"
        value={alert.title}
        error={wrong('title')}
        onChange={(event) => change({ title: event.target.value })}
      />
      <TextArea
        label="What everybody should know"
        hint="Not by loan or by role: every account is told."
        value={alert.body}
        error={wrong('body')}
        onChange={(event) => change({ body: event.target.value })}
      />
      {trouble && <SendTrouble trouble={trouble} />}
      <Button type="submit" pending={sending}>
        {trouble ? 'Send again' : 'Tell everybody'}
      </Button>
    </Form>
  )
}
