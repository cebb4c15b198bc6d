'use client'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Form } from '#components/ui/form.tsx'
import { messageLimits } from '#server/protocol/chat.ts'

type EditFormProps = { body: string; onSave: (body: string) => void; onCancel: () => void }

/** Rewrites a message where it stands: Enter saves, Escape leaves it as it was. */
export function EditForm({ body, onSave, onCancel }: EditFormProps) {
  const [text, setText] = useState(body)
  const trimmed = text.trim()
  const tooLong = [...trimmed].length > messageLimits.maxBody
  const cannot = trimmed === '' || tooLong
  const save = () => {
    if (cannot) return
    if (trimmed === body) onCancel()
    else onSave(trimmed)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel()
    else if (event.key === 'Enter' && !event.shiftKey) save()
    else return
    event.preventDefault()
  }
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
      className="my-1"
    >
      <textarea
        ref={toItsEnd}
        value={text}
        aria-label="Edit your message"
        aria-invalid={tooLong || undefined}
        rows={1}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={keys}
        className="block max-h-60 w-full resize-none rounded border border-field bg-raised px-3 py-2 text-body/[22px] field-sizing-content aria-invalid:border-danger max-md:text-[16px]"
      />
      <div className="mt-1.5 flex items-center gap-2">
        <Button type="submit" small disabled={cannot}>
          Save
        </Button>
        <Button small look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        {tooLong && (
          <span role="status" className="text-ui text-danger">
            At most {messageLimits.maxBody} characters.
          </span>
        )}
      </div>
    </Form>
  )
}

function toItsEnd(area: HTMLTextAreaElement | null) {
  if (!area || document.activeElement === area) return
  area.focus({ preventScroll: true })
  area.setSelectionRange(area.value.length, area.value.length)
}
