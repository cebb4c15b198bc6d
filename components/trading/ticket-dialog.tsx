'use client'

import { useId } from 'react'
import { useModal } from '#components/ui/dialog.tsx'
import { formatAmount, missing } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { OrderTicket, type OrderTicketProps } from './order-ticket.tsx'
import type { PriceBoard } from './price-board.ts'
import { useQuote } from './use-quote.ts'

/** The ticket as a sheet, where there is no column for it. */
export function TicketDialog({
  onClose,
  cash,
  ...props
}: OrderTicketProps & { onClose: () => void; cash: string }) {
  const dialog = useModal(true)
  const titleId = useId()
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-0 mt-auto max-h-dvh w-screen max-w-none overflow-y-auto border-t border-ink bg-raised text-ink backdrop:bg-ink/25 [--surface:var(--raised)]"
    >
      <header className="flex h-12 items-center justify-between border-b border-line pr-2 pl-4">
        <h2 id={titleId} className="type-section">
          Order {props.instrument.symbol}
        </h2>
        <span className="type-label ml-auto pr-2">cash {cash}</span>
        <IconButton label="Close" onClick={onClose}>
          <Icon name="close" />
        </IconButton>
      </header>
      <div className="space-y-4 px-4 pt-4 pb-6">
        <QuoteBox board={props.board} symbol={props.instrument.symbol} />
        <OrderTicket {...props} />
      </div>
    </dialog>
  )
}

/** The bid, the ask and the spread. */
export function QuoteBox({ board, symbol }: { board: PriceBoard; symbol: string }) {
  const quote = useQuote(board, symbol)
  const figures = [
    { name: 'Bid', minor: quote?.bidMinor },
    { name: 'Ask', minor: quote?.askMinor },
    { name: 'Spread', minor: quote && quote.askMinor - quote.bidMinor },
  ]
  return (
    <dl className="grid grid-cols-[1fr_1fr_auto] border-y border-line-strong">
      {figures.map(({ name, minor }) => (
        <div key={name} className="min-w-16 border-line py-2 not-first:border-l not-first:pl-3">
          <dt className="type-label">{name}</dt>
          <dd translate="no" className="font-mono text-[15px] leading-5">
            {minor === undefined ? missing : formatAmount(minor)}
          </dd>
        </div>
      ))}
    </dl>
  )
}
