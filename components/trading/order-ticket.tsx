'use client'
import type { FormEvent, KeyboardEvent } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Field } from '#components/ui/field.tsx'
import { Form } from '#components/ui/form.tsx'
import { Select } from '#components/ui/select.tsx'
import type { WireInstrument } from '#server/protocol/trading.ts'
import { sideWord, ticketWords } from './order-words.ts'
import type { PriceBoard } from './price-board.ts'
import { SideChoice } from './side-choice.tsx'
import { writePrice } from './ticket.ts'
import { TicketFacts } from './ticket-facts.tsx'
import { TicketOutcome } from './ticket-outcome.tsx'
import type { Placing } from './use-placing.ts'
import type { Ticket } from './use-ticket.ts'

export type OrderTicketProps = {
  instrument: WireInstrument
  board: PriceBoard
  ticket: Ticket
  placing: Placing
  cashMinor: number
  freeShares: number
  /** Why nothing can be sent now; undefined when it can. */
  closed: string | undefined
}

/** The order as it is being written, what it will cost, and what became of the last one. */
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

/** A key that is held down repeats itself; an order must not. */
function heldDown(event: KeyboardEvent) {
  if (event.key === 'Enter' && event.repeat) event.preventDefault()
}
