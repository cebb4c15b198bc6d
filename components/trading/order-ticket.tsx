'use client'

import { type FormEvent, type KeyboardEvent, useId } from 'react'
import { unansweredWords } from '#components/live/send-json.ts'
import { Button } from '#components/ui/button.tsx'
import { classes } from '#components/ui/classes.ts'
import { Field, Select } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { formatDuration } from '#components/ui/format.ts'
import { Notice } from '#components/ui/notice.tsx'
import type { Side, WireInstrument } from '#server/protocol/trading.ts'
import { DirectionMark } from './direction-mark.tsx'
import { outcomeWords, refusalTitle, refusalWords, sideWord, ticketWords } from './order-words.ts'
import type { PriceBoard } from './price-board.ts'
import { writePrice } from './ticket.ts'
import { TicketFacts } from './ticket-facts.tsx'
import type { Placing } from './use-placing.ts'
import type { Ticket } from './use-ticket.ts'

export type OrderTicketProps = {
  instrument: WireInstrument
  board: PriceBoard
  ticket: Ticket
  placing: Placing
  cashMinor: number
  freeShares: number
  /** Why nothing can be sent now; undefined if it can. */
  closed: string | undefined
}

/** The order being written, its cost, and the outcome of the last one. */
export function OrderTicket(props: OrderTicketProps) {
  const { instrument, board, ticket, placing, cashMinor, freeShares, closed } = props
  const { draft, errors, order } = ticket
  const sending = placing.outcome?.state === 'sending'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!closed && !sending) ticket.press()
  }
  return (
    <Form aria-label="Order" noValidate onSubmit={submit} onKeyDown={heldDown} className="space-y-3">
      <SideChoice side={draft.side} onChoose={ticket.choose} />
      <div className="grid grid-cols-2 items-start gap-3">
        <Select
          label="Type"
          value={draft.type}
          onChange={(event) => ticket.write({ type: event.target.value === 'market' ? 'market' : 'limit' })}
        >
          <option value="limit">Limit</option>
          <option value="market">Market</option>
        </Select>
        <Field
          label="Quantity"
          inputMode="numeric"
          autoComplete="off"
          mono
          value={draft.quantity}
          onChange={(event) => ticket.write({ quantity: event.target.value })}
          onKeyDown={ticket.stepQuantity}
          error={errors.quantity}
        />
      </div>
      <Field
        label="Limit price"
        inputMode="decimal"
        autoComplete="off"
        mono
        disabled={draft.type === 'market'}
        value={draft.type === 'market' ? '' : draft.limitPrice}
        placeholder={draft.type === 'market' ? 'at market' : undefined}
        onChange={(event) => ticket.write({ limitPrice: event.target.value })}
        onKeyDown={ticket.stepPrice}
        error={errors.limitPrice}
        unit={<span className="type-data">€, tick {writePrice(instrument.tickMinor)}</span>}
      />
      <TicketFacts
        {...{ board, order, cashMinor, freeShares }}
        side={draft.side}
        symbol={instrument.symbol}
      />
      <Button
        type="submit"
        look="primary"
        className="h-10! w-full max-md:h-12!"
        pending={sending}
        disabled={closed !== undefined}
      >
        {order ? ticketWords(order) : `${sideWord(draft.side)} ${instrument.symbol}`}
      </Button>
      <TicketOutcome placing={placing} closed={closed} />
    </Form>
  )
}

/** A held key repeats; an order must not. */
function heldDown(event: KeyboardEvent) {
  if (event.key === 'Enter' && event.repeat) event.preventDefault()
}

const sides = [
  { side: 'buy', word: 'Buy', way: 'up' },
  { side: 'sell', word: 'Sell', way: 'down' },
] as const
const look = {
  buy: 'has-checked:bg-up-wash has-checked:text-up has-checked:shadow-[inset_0_-2px_0_var(--up)]',
  sell: 'has-checked:bg-danger-wash has-checked:text-danger has-checked:shadow-[inset_0_-2px_0_var(--danger)]',
} as const satisfies Record<Side, string>

/** Buy or sell: real radio buttons, each with its mark, so that they differ in more than colour. */
function SideChoice({ side, onChoose }: { side: Side; onChoose: (side: Side) => void }) {
  const name = useId()
  return (
    <div role="radiogroup" aria-label="Side" className="flex rounded border border-field">
      {sides.map((one) => (
        <label
          key={one.side}
          className={classes(
            'relative flex h-[calc(var(--control)-2px)] flex-1 cursor-pointer items-center justify-center gap-2 text-ui text-ink-2 select-none',
            'not-first:border-l not-first:border-line-strong hover:bg-hover has-checked:font-semibold',
            'has-focus-visible:z-10 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
            look[one.side],
          )}
        >
          <input
            type="radio"
            name={name}
            value={one.side}
            checked={one.side === side}
            onChange={() => onChoose(one.side)}
            className="absolute inset-0 cursor-pointer appearance-none opacity-0"
          />
          <DirectionMark way={one.way} className={one.way === 'up' ? 'text-up' : 'text-danger'} />
          {one.word}
        </label>
      ))}
    </div>
  )
}

/** The outcome of the last order and what is safe to do next; or why none can be sent now. */
function TicketOutcome({ placing, closed }: { placing: Placing; closed: string | undefined }) {
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
      {unansweredWords(trouble)} It may have been placed. It’s safe to send again: it won’t be placed twice.
    </Notice>
  )
}
