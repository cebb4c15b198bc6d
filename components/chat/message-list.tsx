'use client'

import { type FocusEvent, type KeyboardEvent, type PointerEvent, useMemo, useState } from 'react'
import { LaneLine } from '#components/lane/lane-line.tsx'
import type { OutboxItem } from '#components/live/outbox.ts'
import { formatCount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { useMounted } from '#components/ui/use-mounted.ts'
import type { WireMessage, WireQuote } from '#server/protocol/chat.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { dayName } from './listed.ts'
import { chatGrid, MessageRow } from './message-row.tsx'
import { goesOn, type NewSince, rowsOf } from './message-rows.ts'
import { OutgoingRow } from './outgoing-row.tsx'
import type { MessageActions } from './use-message-actions.ts'

type MessageListProps = {
  messages: readonly WireMessage[]
  outgoing: readonly OutboxItem[]
  viewer: Viewer
  since: NewSince | undefined
  /** Messages after this seq arrived while the page was open. */
  arrivedAfter: number
  /** The message that a link or a quote points to. */
  aimedAt: number | undefined
  editing: number | undefined
  /** The message whose tools stay, because one of them has opened something that took the focus. */
  held: number | undefined
  /** Whether the reader owns the room, and so may delete others' messages. */
  owns: boolean
  offline: boolean
  actions: MessageActions
  onSendAgain: (clientId: string) => void
  onDrop: (clientId: string) => void
}

/** The conversation: days, the start of new messages, messages, and at the end the pending ones. */
export function MessageList(props: MessageListProps) {
  const { messages, outgoing, viewer, since, arrivedAfter, aimedAt, editing, held, owns, offline, actions } =
    props
  const zoned = useMounted()
  const { over, focused, handlers } = useRoving()
  const rows = useMemo(
    () => rowsOf(messages, { readerId: viewer.id, since, zoned }),
    [messages, viewer.id, since, zoned],
  )
  const entrance = focused ?? messages.at(-1)?.seq
  return (
    <div role="group" aria-label="Messages" {...handlers}>
      {rows.map((row) => {
        if (row.type === 'day') return <DayLine key={row.key} at={row.at} />
        if (row.type === 'new') return <NewLine key={row.key} at={row.at} count={row.count} />
        const { seq } = row.message
        return (
          <MessageRow
            key={row.key}
            message={row.message}
            lead={row.lead}
            readerId={viewer.id}
            arrived={seq > arrivedAfter || seq === aimedAt}
            tabbable={seq === entrance}
            tools={seq === over || seq === focused || seq === held}
            editing={seq === editing}
            owns={owns}
            actions={actions}
          />
        )
      })}
      {outgoing.map((one, n) => (
        <OutgoingRow
          key={one.clientId}
          item={one}
          quote={quoteOf(one, messages)}
          name={n === 0 && !goesOnFrom(messages.at(-1), one, viewer.id) ? viewer.name : undefined}
          offline={offline}
          behind={outgoing[0]?.problem}
          onSendAgain={props.onSendAgain}
          onDelete={props.onDrop}
          onJump={actions.jumpTo}
        />
      ))}
    </div>
  )
}

function quoteOf({ replyTo }: OutboxItem, messages: readonly WireMessage[]): WireQuote | undefined {
  const quoted = replyTo === undefined ? undefined : messages.find(({ seq }) => seq === replyTo)
  return quoted && { seq: quoted.seq, author: quoted.author, excerpt: quoted.body }
}

function goesOnFrom(last: WireMessage | undefined, { atMs }: OutboxItem, authorId: string): boolean {
  return goesOn(last, { authorId, at: new Date(atMs).toISOString() })
}

/** The start of a day, in the reader's time zone. */
function DayLine({ at }: { at: string }) {
  const mounted = useMounted()
  return (
    <div className={`${chatGrid} pt-4`}>
      <div className="col-span-3 border-b border-line pb-2 pl-(--chat-clock)">
        <span className="type-label">{mounted ? dayName(new Date(at), new Date()) : '\u00a0'}</span>
      </div>
    </div>
  )
}

/** The start of what arrived since the reader left, drawn as two rails. */
function NewLine({ at, count }: { at: string; count: number }) {
  return (
    <div id="new-messages" className={`${chatGrid} items-center pt-3.5 font-semibold text-ws-ink`}>
      <Time at={at} phone="minute" className="font-semibold" />
      <div role="separator" className="col-span-2 flex items-center gap-3 text-ui">
        {formatCount(count)} new since your last visit
        <svg height={8} className="block min-w-0 flex-1 text-ws" aria-hidden>
          <LaneLine kind="ws" from={0} to="100%" at={4} />
        </svg>
      </div>
    </div>
  )
}

/** The line of a conversation under the pointer, and the one with the focus; by `data-place`. */
type Roving = {
  over: number | undefined
  focused: number | undefined
  /** For the element around all lines: arrow keys move from line to line, Home and End to the ends. */
  handlers: {
    onPointerOver: (event: PointerEvent) => void
    onPointerLeave: () => void
    onFocus: (event: FocusEvent) => void
    onBlur: (event: FocusEvent) => void
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  }
}

function useRoving(): Roving {
  const [over, setOver] = useState<number>()
  const [focused, setFocused] = useState<number>()
  return {
    over,
    focused,
    handlers: {
      onPointerOver: ({ target }) => setOver(placeOf(target)),
      onPointerLeave: () => setOver(undefined),
      onFocus: ({ target }) => setFocused(placeOf(target)),
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setFocused(undefined)
      },
      onKeyDown: walk,
    },
  }
}

function walk(event: KeyboardEvent<HTMLElement>) {
  if (!(event.target instanceof HTMLElement) || event.target.dataset.place === undefined) return
  const lines = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-place]')]
  const at = lines.indexOf(event.target)
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  lines[next]?.focus()
}

function placeOf(target: EventTarget): number | undefined {
  const line = target instanceof Element ? target.closest<HTMLElement>('[data-place]') : null
  return line ? Number(line.dataset.place) : undefined
}
