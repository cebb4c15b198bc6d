'use client'
import type { Unsent } from '#components/shell/send-trouble.tsx'
import { classes } from '#components/ui/classes.ts'
import { formatAmount, formatCount, formatDuration } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import { Cell, Row } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireOrder } from '#server/protocol/trading.ts'
import type { OrderTicket } from '#server/protocol/trading-schemas.ts'
import { refusalWords, sideWord } from './order-words.ts'

type OrderRowProps = {
  order: WireOrder
  ackMs: number | undefined
  cancelState: 'sending' | Unsent | undefined
  onCancel: () => void
  closed: boolean
}

/** An order as the server has it; a working one can be cancelled. */
export function OrderRow({ order, ackMs, cancelState, onCancel, closed }: OrderRowProps) {
  const working = order.status === 'working'
  const what = `${sideWord(order.side)} ${formatCount(order.quantity)} ${order.symbol}`
  return (
    <Row>
      <Cell>
        <Time at={order.createdAt} />
      </Cell>
      <Cell className="whitespace-nowrap">
        <OrderWords ticket={order} />
      </Cell>
      <Cell figure>
        {order.limitPriceMinor === undefined ? 'market' : formatAmount(order.limitPriceMinor)}
      </Cell>
      <Cell className={classes('text-right whitespace-nowrap', working ? 'font-semibold' : 'text-ink-2')}>
        {order.status === 'filled' && order.priceMinor !== undefined ? (
          <>
            filled <span className="type-data text-ink">{formatAmount(order.priceMinor)}</span>
          </>
        ) : (
          order.status
        )}
      </Cell>
      <Cell figure className="text-ink-3">
        <span className="flex items-center justify-end gap-1.5">
          {ackMs !== undefined && <span className="@max-[380px]:hidden">ack {formatDuration(ackMs)}</span>}
          {working && <CancelButton what={what} state={cancelState} onCancel={onCancel} closed={closed} />}
        </span>
      </Cell>
    </Row>
  )
}

/** `Buy 40 NRDX` with the symbol in bold. */
export function OrderWords({ ticket }: { ticket: Pick<OrderTicket, 'side' | 'quantity' | 'symbol'> }) {
  return (
    <>
      {sideWord(ticket.side)} {formatCount(ticket.quantity)}{' '}
      <strong translate="no" className="font-semibold">
        {ticket.symbol}
      </strong>
    </>
  )
}

function CancelButton({
  what,
  state,
  onCancel,
  closed,
}: {
  what: string
  state: 'sending' | Unsent | undefined
  onCancel: () => void
  closed: boolean
}) {
  const trouble = state !== undefined && state !== 'sending' ? state : undefined
  return (
    <>
      {trouble && (
        <span role="alert" className="mr-2 font-sans text-ui text-danger">
          {trouble.state === 'unanswered' ? 'not confirmed, try again' : refusalWords(trouble.problem, 'buy')}
        </span>
      )}
      <IconButton
        label={`Cancel: ${what}`}
        aria-busy={state === 'sending' || undefined}
        disabled={closed}
        onClick={onCancel}
        className="size-6! disabled:opacity-40 max-md:size-11!"
      >
        {state === 'sending' ? <PendingDashes /> : <Icon name="close" />}
      </IconButton>
    </>
  )
}
