'use client'
import { type FormEvent, type KeyboardEvent, type Ref, useId } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { Form } from '#components/ui/form.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { MentionField } from '#components/ui/mention-field.tsx'
import { PersonName } from '#components/ui/person-name.tsx'
import { messageLimits, type WireMessage } from '#server/protocol/chat.ts'
import type { Person } from '#server/protocol/people.ts'

type MessageComposerProps = {
  ref: Ref<HTMLTextAreaElement>
  roomName: string
  text: string
  onText: (text: string) => void
  /** The people whom a mention can name. */
  people: readonly Person[]
  replyTo: WireMessage | undefined
  onDropReply: () => void
  onSend: (body: string) => void
  /** Arrow up was pressed in an empty field. */
  onEditLast: () => void
}

/** The message field: Enter sends, Shift and Enter start a new line, and text that is too long is not cut. */
export function MessageComposer(props: MessageComposerProps) {
  const { ref, roomName, text, onText, people, replyTo, onDropReply, onSend, onEditLast } = props
  const body = text.trim()
  const length = [...body].length
  const tooLong = length > messageLimits.maxBody
  const cannot = body === '' || tooLong
  const toldId = useId()

  const send = (event?: FormEvent) => {
    event?.preventDefault()
    if (!cannot) onSend(body)
  }
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.shiftKey) send(event)
    else if (event.key === 'ArrowUp' && text === '') onEditLast()
    else if (event.key === 'Escape' && replyTo) onDropReply()
    else return
    event.preventDefault()
  }
  return (
    <Form
      onSubmit={send}
      className={classes(
        'rounded border bg-raised has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-offset-2 has-[textarea:focus-visible]:outline-focus',
        tooLong ? 'border-danger' : 'border-field',
      )}
    >
      {replyTo && <Replying to={replyTo} onDrop={onDropReply} />}
      <div className="flex items-end pr-2">
        <MentionField
          ref={ref}
          value={text}
          onText={onText}
          among={people}
          above
          rows={1}
          enterKeyHint="send"
          aria-label={`Message ${roomName}`}
          aria-invalid={tooLong || undefined}
          aria-describedby={toldId}
          placeholder={`Message #${roomName}`}
          onKeyDown={keys}
          className="block max-h-50 min-h-10.5 w-full resize-none bg-transparent px-3 py-[11px] text-ui text-ink outline-none field-sizing-content placeholder:text-ink-3 max-md:py-[13px] max-md:text-[16px]"
        />
        <span
          id={toldId}
          className={classes(
            'type-data mb-[13px] pl-2 whitespace-nowrap',
            tooLong ? 'text-danger' : 'text-ink-3',
            length < messageLimits.maxBody - 200 && 'max-md:sr-only',
          )}
        >
          {formatCount(length)} / {formatCount(messageLimits.maxBody)}
          <span className="sr-only"> characters</span>
        </span>
        <Button type="submit" small disabled={cannot} className="my-[7px] ml-3">
          Send
        </Button>
      </div>
      <p role="status" className={tooLong ? 'px-3 pb-2 text-ui text-danger' : 'sr-only'}>
        {tooLong &&
          `${formatCount(length - messageLimits.maxBody)} over the limit. Shorten the message to send it.`}
      </p>
    </Form>
  )
}

function Replying({ to, onDrop }: { to: WireMessage; onDrop: () => void }) {
  return (
    <div className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-3 text-ui text-ink-2">
      <Icon name="reply" />
      <span className="shrink-0">
        Replying to <PersonName person={to.author} className="font-semibold" />
      </span>
      <bdi dir="auto" className="min-w-0 flex-1 truncate text-ink-3">
        {to.body}
      </bdi>
      <IconButton label="Cancel reply" onClick={onDrop}>
        <Icon name="close" />
      </IconButton>
    </div>
  )
}
