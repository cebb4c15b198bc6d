'use client'
import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { Form } from '#components/ui/form.tsx'
import { MentionField } from '#components/ui/mention-field.tsx'

type ComposerProps = {
  /** For screen readers; sighted readers see the placeholder. */
  label: string
  placeholder: string
  verb: string
  text: string
  onText: (text: string) => void
  /** In code points, as the server counts. */
  max: number
  sending?: boolean
  autoFocus?: boolean
  onSend: () => void
  /** The error shown below. */
  children?: ReactNode
  className?: string
}

const countBelow = 200

/** A field that grows with its text, with the button inside and the characters left. Ctrl or Cmd and Enter send. */
export function Composer(props: ComposerProps) {
  const { label, placeholder, verb, text, onText, max, sending = false, onSend, children, className } = props
  const remaining = max - [...text.trim()].length
  const empty = text.trim() === ''
  const tooLong = remaining < 0
  const toldId = useId()
  const field = useRef<HTMLTextAreaElement>(null)

  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (empty || tooLong || sending) return
    onSend()
    field.current?.focus()
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send()
  }
  return (
    <Form onSubmit={send} className={className}>
      <div
        className={classes(
          'flex items-end rounded border bg-raised pr-2.5 has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-offset-2 has-[textarea:focus-visible]:outline-focus',
          tooLong ? 'border-danger' : 'border-field',
        )}
      >
        <MentionField
          ref={field}
          value={text}
          onText={onText}
          rows={1}
          autoFocus={props.autoFocus}
          aria-label={label}
          aria-invalid={tooLong || undefined}
          aria-describedby={toldId}
          aria-keyshortcuts="Control+Enter Meta+Enter"
          placeholder={placeholder}
          onKeyDown={keys}
          className="block max-h-80 min-h-10.5 w-full resize-none bg-transparent px-3 py-[11px] text-ui max-md:py-[13px] text-ink outline-none field-sizing-content placeholder:text-ink-3 max-md:text-[16px]"
        />
        <span
          id={toldId}
          className={classes(
            'type-axis mb-3.5 pl-2',
            tooLong ? 'text-danger' : 'text-ink-3',
            empty && 'sr-only',
          )}
        >
          {remaining}
          <span className="sr-only"> characters left</span>
        </span>
        <Button type="submit" small pending={sending} disabled={empty || tooLong} className="my-[7px] ml-2.5">
          {verb}
        </Button>
      </div>
      <p role="status" className={tooLong ? 'mt-1 text-ui text-danger' : 'sr-only'}>
        {tooLong
          ? `${-remaining} ${remaining === -1 ? 'character' : 'characters'} over the limit.`
          : remaining < countBelow && remaining % 50 === 0
            ? `${remaining} characters left`
            : ''}
      </p>
      {children}
    </Form>
  )
}
