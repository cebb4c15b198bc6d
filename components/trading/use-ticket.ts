'use client'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { Side, WireInstrument } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'
import type { PriceBoard } from './price-board.ts'
import { readTicket, steppedPrice, steppedQuantity, type TicketDraft, writePrice } from './ticket.ts'

/** The same order again within this many ms is a double click rather than a second order. */
const doublePressMs = 700

/** The ticket being written for `instrument`; `onPlace` receives each order that the reader sends. */
export function useTicket(
  instrument: WireInstrument,
  board: PriceBoard,
  onPlace: (ticket: OrderTicket) => void,
) {
  const { symbol, tickMinor } = instrument
  const lastMinor = () => board.quote(symbol)?.lastMinor ?? instrument.lastMinor
  const [draft, setDraft] = useState<TicketDraft>(() => ({
    side: 'buy',
    type: 'limit',
    quantity: '10',
    limitPrice: writePrice(instrument.lastMinor),
  }))
  const [tried, setTried] = useState(false)
  const pressed = useRef({ order: '', atMs: Number.NEGATIVE_INFINITY })
  const write = (changes: Partial<TicketDraft>) => setDraft((before) => ({ ...before, ...changes }))

  const knownSymbol = useRef(symbol)
  useEffect(() => {
    if (knownSymbol.current === symbol) return
    knownSymbol.current = symbol
    const price = writePrice(board.quote(symbol)?.lastMinor ?? 0)
    setDraft((before) => ({ ...before, limitPrice: price }))
    setTried(false)
  }, [symbol, board])

  const { order, errors } = readTicket(draft, symbol, tickMinor)
  return {
    draft,
    order,
    errors: tried ? errors : {},
    write,
    choose: (side: Side) => write({ side }),
    press() {
      setTried(true)
      const nowMs = performance.now()
      if (!order) return
      const same = JSON.stringify(order)
      if (pressed.current.order === same && nowMs - pressed.current.atMs < doublePressMs) return
      pressed.current = { order: same, atMs: nowMs }
      setTried(false)
      onPlace(order)
    },
    stepPrice(event: KeyboardEvent) {
      const steps = stepsOf(event)
      if (steps === 0) return
      event.preventDefault()
      write({ limitPrice: steppedPrice(draft.limitPrice, steps, tickMinor, lastMinor()) })
    },
    stepQuantity(event: KeyboardEvent) {
      const steps = stepsOf(event)
      if (steps === 0) return
      event.preventDefault()
      write({ quantity: steppedQuantity(draft.quantity, steps) })
    },
  }
}
export type Ticket = ReturnType<typeof useTicket>

function stepsOf({ key, shiftKey }: KeyboardEvent): number {
  const reach = shiftKey ? 10 : 1
  return key === 'ArrowUp' ? reach : key === 'ArrowDown' ? -reach : 0
}
