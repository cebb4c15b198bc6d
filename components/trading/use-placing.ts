'use client'

import { useCallback, useState } from 'react'
import { newKey } from '#components/live/send-json.ts'
import type { SharedSocket } from '#components/live/shared-socket.ts'
import type { Unsent } from '#components/shell/send-trouble.tsx'
import type { WireOrder } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'

/** An order sent from here and not known to have arrived. Its `key` makes resending safe. */
export type SentOrder = { key: string; ticket: OrderTicket; atMs: number; trouble?: Unsent }

/** The outcome of the last order sent. */
type Outcome =
  | { state: 'sending'; sent: SentOrder }
  | { state: 'in-trouble'; sent: SentOrder; trouble: Unsent }
  | { state: 'placed'; order: WireOrder; ackMs: number }

/**
 * What the ticket for `symbol` says about the last order sent, updated from `orders`. A placed one for another symbol is
 * left to the list of orders; one being sent or in trouble is shown for any symbol.
 */
export function currentOutcome(
  outcome: Outcome | undefined,
  orders: readonly WireOrder[],
  symbol: string,
): Outcome | undefined {
  if (outcome?.state !== 'placed') return outcome
  if (outcome.order.symbol !== symbol) return undefined
  return { ...outcome, order: orders.find(({ id }) => id === outcome.order.id) ?? outcome.order }
}

/** Sends orders and keeps those pending, newest first. `onPlaced` receives each one as the server stored it. */
export function usePlacing(line: SharedSocket, onPlaced: (order: WireOrder) => void) {
  const [sent, setSent] = useState<readonly SentOrder[]>([])
  const [outcome, setOutcome] = useState<Outcome>()
  const [ackMs, setAckMs] = useState<ReadonlyMap<string, number>>(new Map())
  const drop = useCallback((key: string) => setSent((all) => all.filter((one) => one.key !== key)), [])

  const send = async (one: SentOrder) => {
    const begunMs = performance.now()
    setOutcome({ state: 'sending', sent: one })
    const answer = await line.send('order:place', { ...one.ticket, clientOrderId: one.key })
    if (answer.state !== 'done') {
      const troubled = { ...one, trouble: answer }
      setSent((all) => all.map((known) => (known.key === one.key ? troubled : known)))
      setOutcome({ state: 'in-trouble', sent: troubled, trouble: answer })
      return
    }
    const tookMs = performance.now() - begunMs
    const { order } = answer.value
    setAckMs((known) => new Map(known).set(one.key, tookMs))
    setOutcome({ state: 'placed', order, ackMs: tookMs })
    onPlaced(order)
    drop(one.key)
  }

  return {
    sent,
    outcome,
    /** The time from sending to acknowledgement, by the order's key; only for this page's own. */
    ackMs,
    place(ticket: OrderTicket) {
      const fresh = { key: newKey(), ticket, atMs: Date.now() }
      setSent((all) => [fresh, ...all])
      void send(fresh)
    },
    sendAgain(one: SentOrder) {
      setSent((all) => all.map((known) => (known.key === one.key ? { ...one, trouble: undefined } : known)))
      void send(one)
    },
    drop,
    /** Removes pending orders that the stream delivered first. */
    settle: useCallback((orders: readonly WireOrder[]) => {
      setSent((all) => {
        const left = all.filter(({ key }) => !orders.some(({ clientOrderId }) => clientOrderId === key))
        return left.length === all.length ? all : left
      })
      setOutcome((known) => {
        if (known?.state !== 'in-trouble') return known
        return orders.some(({ clientOrderId }) => clientOrderId === known.sent.key) ? undefined : known
      })
    }, []),
  }
}
export type Placing = ReturnType<typeof usePlacing>

/** Cancels working orders; `stateOf` returns the state of each attempt. Resending one is always safe. */
export function useCancelling(line: SharedSocket, onCancelled: (order: WireOrder) => void) {
  const [states, setStates] = useState<ReadonlyMap<string, 'sending' | Unsent>>(new Map())
  const put = (id: string, state: 'sending' | Unsent | undefined) =>
    setStates((known) => {
      const next = new Map(known)
      if (state) next.set(id, state)
      else next.delete(id)
      return next
    })
  return {
    stateOf: (id: string) => states.get(id),
    async cancel(id: string) {
      put(id, 'sending')
      const answer = await line.send('order:cancel', { orderId: id })
      put(id, answer.state === 'done' ? undefined : answer)
      if (answer.state === 'done') onCancelled(answer.value.order)
    },
  }
}
export type Cancelling = ReturnType<typeof useCancelling>
