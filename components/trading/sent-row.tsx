'use client'
import { Button } from '#components/ui/button.tsx'
import { formatAmount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { PendingDashes } from '#components/ui/pending-dashes.tsx'
import { Cell, Row } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { OrderWords } from './order-row.tsx'
import type { Placing, SentOrder } from './use-placing.ts'

/** An order that was sent from here: under way, refused, or not confirmed. */
export function SentRow({ sent, placing, closed }: { sent: SentOrder; placing: Placing; closed: boolean }) {
  const { ticket, trouble, atMs, key } = sent
  return (
    <Row>
      <Cell>
        <Time at={atMs} />
      </Cell>
      <Cell className="whitespace-nowrap">
        <OrderWords ticket={ticket} />
      </Cell>
      <Cell figure>{ticket.type === 'limit' ? formatAmount(ticket.limitPriceMinor) : 'market'}</Cell>
      <Cell className={`text-right whitespace-nowrap ${trouble ? 'text-danger' : 'text-ws-ink'}`}>
        {!trouble && 'sending'}
        {trouble?.state === 'refused' && 'refused'}
        {trouble?.state === 'unanswered' && 'not confirmed'}
      </Cell>
      <Cell figure>
        {!trouble && (
          <span className="inline-flex text-ws-ink">
            <PendingDashes />
          </span>
        )}
        {trouble?.state === 'unanswered' && (
          <Button
            small
            className="h-6! font-sans max-md:h-9!"
            disabled={closed}
            onClick={() => placing.sendAgain(sent)}
          >
            Send again
          </Button>
        )}
        {trouble?.state === 'refused' && (
          <IconButton
            label="Take the refused order out of the list"
            onClick={() => placing.drop(key)}
            className="size-6! max-md:size-11!"
          >
            <Icon name="close" />
          </IconButton>
        )}
      </Cell>
    </Row>
  )
}
