'use client'
import { useMemo } from 'react'
import type { OutboxItem } from '#components/live/outbox-item.ts'
import { useMounted } from '#components/ui/use-mounted.ts'
import type { WireMessage, WireQuote } from '#server/protocol/chat.ts'
import type { Viewer } from '#server/protocol/protocol.ts'
import { DayLine } from './day-line.tsx'
import type { MessageActions } from './message-actions.ts'
import { MessageRow } from './message-row.tsx'
import { goesOn, type NewSince, rowsOf } from './message-rows.ts'
import { NewLine } from './new-line.tsx'
import { OutgoingRow } from './outgoing-row.tsx'
import { useRoving } from './use-roving.ts'

type MessageListProps = {
  messages: readonly WireMessage[]
  outgoing: readonly OutboxItem[]
  viewer: Viewer
  since: NewSince | undefined
  /** Messages after this seq have come while the page stood. */
  arrivedAfter: number
  /** The message that a link or a quote leads to. */
  aimedAt: number | undefined
  editing: number | undefined
  /** Its tools stay while one of them has opened something that took the focus. */
  held: number | undefined
  /** The owner of a room can delete what others wrote. */
  owns: boolean
  offline: boolean
  actions: MessageActions
  onSendAgain: (clientId: string) => void
  onDrop: (clientId: string) => void
}

/** The conversation: days, what is new, messages, and at the end what is on its way. */
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
