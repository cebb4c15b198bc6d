'use client'
import { memo } from 'react'
import { Cut, LaneLine } from '#components/lane/lane-line.tsx'
import { Marker } from '#components/lane/marker.tsx'
import type { OutboxItem } from '#components/live/outbox.ts'
import { notDone } from '#components/live/send-json.ts'
import { classes } from '#components/ui/classes.ts'
import { missing, onItsWay } from '#components/ui/format.ts'
import { RichText } from '#components/ui/rich-text.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireQuote } from '#server/protocol/chat.ts'
import { type Problem, slugOf } from '#server/protocol/problems.ts'
import { chatGrid, MessageQuote } from './message-row.tsx'

type OutgoingRowProps = {
  item: OutboxItem
  /** The message it replies to. */
  quote?: WireQuote
  /** The author's name, unless the row above already shows it. */
  name?: string
  offline: boolean
  /** Why the first that is on its way waits, when the server said so. */
  behind: Problem | undefined
  onSendAgain: (clientId: string) => void
  onDelete: (clientId: string) => void
  onJump: (seq: number) => void
}

/** A message being sent, shown in its future position; a failed one keeps its text and can be resent. */
export const OutgoingRow = memo(function OutgoingRow(props: OutgoingRowProps) {
  const { item, quote, name, offline, behind, onSendAgain, onDelete, onJump } = props
  const { clientId, body, atMs, state } = item
  const failed = state === 'unanswered' || state === 'failed'
  return (
    <article
      aria-label={`Your message, ${labelOf(state)}`}
      className={classes(chatGrid, name ? 'pt-3.5' : 'pt-1.5', 'text-body/[22px]')}
    >
      <Time at={atMs} phone="minute" className="leading-[22px] text-ink-2" />
      {name && <bdi className="col-span-2 truncate text-[14px] font-semibold">{name}</bdi>}
      <div className="col-start-2 min-w-0 max-w-[640px] text-ink-2">
        {quote && <MessageQuote quote={quote} onJump={onJump} />}
        <RichText text={body} />
        <p className="flex flex-wrap items-center gap-x-2 py-1 text-ui leading-5">
          {failed ? <FailedLine /> : <SendingLine waiting={state === 'waiting'} />}
          <span role="status" className={failed ? 'text-danger' : undefined}>
            {wordsOf(item, offline, behind)}
          </span>
          {(failed || (offline && state === 'waiting')) && (
            <span className="ml-2 flex gap-4 max-md:ml-0 max-md:basis-full">
              {failed && <Choice onClick={() => onSendAgain(clientId)}>Send again</Choice>}
              <Choice onClick={() => onDelete(clientId)}>Delete</Choice>
            </span>
          )}
        </p>
      </div>
      <span className="type-axis pl-3 leading-[22px] text-ink-3">{failed ? missing : onItsWay}</span>
    </article>
  )
})

function Choice({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" onClick={onClick} className="text-ink max-md:h-9">
      <span className="link">{children}</span>
    </button>
  )
}

function labelOf(state: OutboxItem['state']): string {
  if (state === 'failed') return 'not sent'
  return state === 'unanswered' ? 'not confirmed' : 'on its way'
}

function wordsOf({ state, problem }: OutboxItem, offline: boolean, behind: Problem | undefined): string {
  switch (state) {
    case 'waiting':
      if (problem) return `${refusal(problem)} It will be sent again automatically.`
      if (offline) return 'Waiting for the connection; will be sent once'
      if (behind && slugOf(behind) === 'rate-limited')
        return 'Waiting: too many messages in a short time. It will be sent automatically.'
      return 'Waiting for earlier messages'
    case 'sending':
      return 'Sending; not acknowledged yet'
    case 'unanswered':
      return 'Not confirmed: no response within 10 s. It’s safe to send again.'
    case 'failed':
      return problem ? refusal(problem) : 'Not sent.'
  }
}

function refusal(problem: Problem): string {
  if (slugOf(problem) === 'rate-limited') return 'Not sent yet: too many messages in a short time.'
  return `${notDone(problem).state === 'refused' ? 'Not sent' : 'Not confirmed'}: ${problem.detail ?? problem.title}.`
}

function SendingLine({ waiting }: { waiting: boolean }) {
  return (
    <svg
      width={30}
      height={12}
      viewBox="0 0 30 12"
      fill="none"
      className="block shrink-0 text-ws"
      aria-hidden
    >
      <LaneLine kind="ws" from={0} to={30} at={6} thin={waiting} />
      {!waiting && <Marker kind="ws" x={15} y={6} sent filled={false} weight={0.9} />}
    </svg>
  )
}

function FailedLine() {
  return (
    <svg width={30} height={12} viewBox="0 0 30 12" className="block shrink-0 text-danger" aria-hidden>
      <path d="M0 6h10M20 6h10" stroke="currentColor" strokeWidth={2} />
      <Cut x={15} y={6} reach={3} />
    </svg>
  )
}
