'use client'

import { type ComponentProps, type KeyboardEvent, memo, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { Form } from '#components/ui/form.tsx'
import { Icon, type IconName } from '#components/ui/icon.tsx'
import { personLabel } from '#components/ui/person-label.ts'
import { PersonName } from '#components/ui/person-name.tsx'
import { RichText } from '#components/ui/rich-text.tsx'
import { Time } from '#components/ui/time.tsx'
import { messageLimits, type WireMessage, type WireQuote, type WireReaction } from '#server/protocol/chat.ts'
import { EmojiMark, emojiName } from './emoji-picker.tsx'
import { listed } from './listed.ts'
import type { MessageActions } from './use-message-actions.ts'

/** A line's columns: time, content, seq. */
export const chatGrid =
  'grid grid-cols-[var(--chat-clock)_minmax(0,1fr)_auto] gap-x-0 px-(--chat-x) [--chat-clock:80px] max-md:[--chat-clock:48px]'

type MessageRowProps = {
  message: WireMessage
  /** Shown with the author's name and the time above it. */
  lead: boolean
  readerId: string
  /** It has just arrived. */
  arrived: boolean
  /** The keyboard enters the conversation here. */
  tabbable: boolean
  tools: boolean
  editing: boolean
  /** The reader owns the room. */
  owns: boolean
  actions: MessageActions
}

/** One message. Memoized, so that only changed ones re-render. */
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

type ReactionsProps = {
  reactions: readonly WireReaction[]
  readerId: string
  nameOf: (userId: string) => string
  onReact: (emoji: string) => void
}

/** The reactions: a chip for each emoji, pressed if the reader is among its people. */
function Reactions({ reactions, readerId, nameOf, onReact }: ReactionsProps) {
  return (
    <div className="mt-1 mb-1.5 flex flex-wrap gap-1.5">
      {reactions.map(({ emoji, by, count = by.length }) => (
        <button
          key={emoji}
          type="button"
          aria-pressed={by.includes(readerId)}
          aria-label={`${emojiName(emoji)}, ${count}`}
          title={listed([
            ...by.map((id) => (id === readerId ? 'you' : nameOf(id))),
            ...(count > by.length ? [`${count - by.length} more`] : []),
          ])}
          onClick={() => onReact(emoji)}
          className="inline-flex h-6 items-center gap-1.5 rounded border border-line-strong px-1.5 hover:bg-hover aria-pressed:border-ink aria-pressed:bg-hover max-md:h-9 max-md:px-2.5"
        >
          <EmojiMark emoji={emoji} className="text-[13px]" />
          <span className="type-axis text-ink-2">{count}</span>
        </button>
      ))}
    </div>
  )
}

type MessageToolsProps = { message: WireMessage; own: boolean; mayDelete: boolean; actions: MessageActions }

/** A message's actions; shown over its row while it has the pointer or the focus. */
function MessageTools({ message, own, mayDelete, actions }: MessageToolsProps) {
  return (
    <div
      role="toolbar"
      aria-label={`Message ${message.seq}`}
      className="absolute -top-3.5 right-16 z-10 flex border border-ink bg-raised max-md:right-4"
    >
      <Tool
        icon="smile"
        label="React"
        onClick={(event) => actions.pickReaction({ seq: message.seq, button: event.currentTarget })}
      />
      <Tool icon="reply" label="Reply" onClick={() => actions.reply(message)} />
      {own && <Tool icon="edit" label="Edit" onClick={() => actions.edit(message.seq)} />}
      {mayDelete && <Tool icon="delete" label="Delete" onClick={() => actions.askToDelete(message)} />}
    </div>
  )
}

function Tool({ icon, label, ...rest }: ComponentProps<'button'> & { icon: IconName; label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className="grid size-7 place-items-center text-ink-2 hover:bg-hover hover:text-ink focus-visible:outline-offset-[-2px] max-md:size-11"
    >
      <Icon name={icon} />
    </button>
  )
}

type EditFormProps = { body: string; onSave: (body: string) => void; onCancel: () => void }

/** Edits a message in place: Enter saves, Escape discards. */
function EditForm({ body, onSave, onCancel }: EditFormProps) {
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

/** The message being replied to, in one line; pressing it scrolls there. */
export function MessageQuote({ quote, onJump }: { quote: WireQuote; onJump: (seq: number) => void }) {
  const { seq, author, excerpt } = quote
  return (
    <button
      type="button"
      onClick={() => onJump(seq)}
      title={`Message ${seq}`}
      className="flex max-w-full items-baseline gap-2 border-l-2 border-line-strong pl-2 text-left text-ui text-ink-2 hover:border-ink hover:text-ink"
    >
      <span className="sr-only">In reply to </span>
      <PersonName person={author} className="max-w-[min(256px,50vw)] shrink-0 truncate font-semibold" />
      <bdi dir="auto" className="min-w-0 truncate">
        {excerpt ?? <i>Message deleted</i>}
      </bdi>
    </button>
  )
}
