'use client'
import { memo } from 'react'
import { classes } from '#components/ui/classes.ts'
import { personLabel } from '#components/ui/person-label.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireMessage } from '#server/protocol/chat.ts'
import { EditForm } from './edit-form.tsx'
import type { MessageActions } from './message-actions.ts'
import { MessageQuote } from './message-quote.tsx'
import { MessageTools } from './message-tools.tsx'
import { Reactions } from './reactions.tsx'

/** A line on the hanging clock: time, content, seq. */
export const chatGrid =
  'grid grid-cols-[var(--chat-clock)_minmax(0,1fr)_auto] gap-x-0 px-(--chat-x) [--chat-clock:80px] max-md:[--chat-clock:48px]'

export type MessageRowProps = {
  message: WireMessage
  /** With the author's name and the time over it. */
  lead: boolean
  readerId: string
  /** It has just come. */
  arrived: boolean
  /** The keyboard enters the conversation here. */
  tabbable: boolean
  tools: boolean
  editing: boolean
  /** The reader owns the room. */
  owns: boolean
  actions: MessageActions
}

/** One message. Only those that change are drawn again. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { message, lead, readerId, arrived, tabbable, tools, editing, owns, actions } = props
  const own = message.authorId === readerId
  return (
    <article
      id={`message-${message.seq}`}
      data-place={message.seq}
      tabIndex={tabbable ? 0 : -1}
      aria-label={`${personLabel(message.author)}, message ${message.seq}`}
      className={classes(
        chatGrid,
        'relative text-body/[22px] focus-visible:outline-offset-[-2px] [--wash:var(--ws-wash)]',
        lead && 'pt-3.5',
        tools && 'bg-[linear-gradient(var(--sunken))]',
        arrived && 'arrives motion-reduce:animate-none',
      )}
    >
      {lead && <Lead message={message} />}
      <div className="col-start-2 min-w-0 max-w-[640px]">
        {message.replyTo && <MessageQuote quote={message.replyTo} onJump={actions.jumpTo} />}
        {editing ? (
          <EditForm
            body={message.body}
            onSave={(body) => actions.save(message, body)}
            onCancel={actions.stopEditing}
          />
        ) : (
          <Body message={message} />
        )}
        {message.reactions.length > 0 && (
          <Reactions
            reactions={message.reactions}
            readerId={readerId}
            nameOf={actions.nameOf}
            onReact={(emoji) => actions.react(message.seq, emoji)}
          />
        )}
      </div>
      <span className="type-axis self-start pl-3 leading-[22px] text-ink-3">{message.seq}</span>
      {tools && !editing && !message.deletedAt && (
        <MessageTools message={message} own={own} mayDelete={own || owns} actions={actions} />
      )}
    </article>
  )
})

function Lead({ message: { at, author } }: { message: WireMessage }) {
  return (
    <>
      <Time at={at} phone="minute" className="leading-[22px] text-ink-2" />
      <PersonName person={author} className="col-span-2 min-w-0 truncate text-[14px] font-semibold" />
    </>
  )
}

function Body({ message: { body, deletedAt, editedAt } }: { message: WireMessage }) {
  if (deletedAt) return <p className="text-ink-3 italic">Message deleted</p>
  return (
    <>
      <RichText text={body} />
      {editedAt && (
        <span className="type-label" title={editedAt}>
          edited
        </span>
      )}
    </>
  )
}
