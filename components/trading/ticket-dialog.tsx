'use client'
import { useId } from 'react'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { useModal } from '#components/ui/use-modal.ts'
import { OrderTicket, type OrderTicketProps } from './order-ticket.tsx'
import { QuoteBox } from './quote-box.tsx'

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
