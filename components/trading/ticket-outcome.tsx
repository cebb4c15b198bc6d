'use client'
import { unansweredWords } from '#components/live/send-json.ts'
import { Button } from '#components/ui/button.tsx'
import { formatDuration } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import { outcomeWords, refusalTitle, refusalWords, ticketWords } from './order-words.ts'
import type { Placing } from './use-placing.ts'

/** What became of the order that was sent last, and what is safe to do next; or why none can be sent now. */
export function TicketOutcome({ placing, closed }: { placing: Placing; closed: string | undefined }) {
  const { outcome } = placing
  if (outcome?.state !== 'in-trouble') {
    return (
      <p role="status" className="min-h-5 text-ui text-ink-2">
        {outcome?.state !== 'sending' && closed}
        {outcome?.state === 'sending' && `Sending: ${ticketWords(outcome.sent.ticket)}`}
        {outcome?.state === 'placed' && !closed && (
          <>
            {outcomeWords(outcome.order)}{' '}
            <span className="type-data text-ink-3">ack {formatDuration(outcome.ackMs)}</span>
          </>
        )}
      </p>
    )
  }
  const { sent, trouble } = outcome
  if (trouble.state === 'refused') {
    return (
      <Notice danger>
        <strong className="font-semibold">{refusalTitle(trouble.problem)}</strong>{' '}
        {refusalWords(trouble.problem, sent.ticket.side)}
        {trouble.problem.requestId && (
          <span className="type-data block text-ink-2">request {trouble.problem.requestId}</span>
        )}
      </Notice>
    )
  }
  return (
    <Notice
      danger
      action={
        <Button small disabled={closed !== undefined} onClick={() => placing.sendAgain(sent)}>
          Send again
        </Button>
      }
    >
      <strong className="font-semibold">Not confirmed:</strong> “{ticketWords(sent.ticket)}”.{' '}
      {unansweredWords(trouble)} It may have been placed. Sending again is safe: it happens once.
    </Notice>
  )
}
