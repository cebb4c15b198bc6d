'use client'

import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { formatAmount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { PendingDashes } from '#components/ui/skeleton.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { TabPanel, Tabs } from '#components/ui/tabs.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireOrder } from '#server/protocol/trading.ts'
import { History } from './history.tsx'
import { OrderRow, OrderWords } from './order-row.tsx'
import { ScrollArea } from './scroll-area.tsx'
import type { Cancelling, Placing, SentOrder } from './use-placing.ts'

type OrdersProps = {
  orders: readonly WireOrder[]
  placing: Placing
  cancelling: Cancelling
  /** Nothing can be sent now. */
  closed: boolean
  older: React.ReactNode
}
const tabs = [
  { id: 'orders', label: 'Orders' },
  { id: 'fills', label: 'Fills' },
  { id: 'history', label: 'History' },
] as const

/** The reader's orders, their fills, and the account's movements. */
export function Orders({ orders, placing, cancelling, closed, older }: OrdersProps) {
  const [tab, setTab] = useState<(typeof tabs)[number]['id']>('orders')
  const filled = orders.filter(({ status }) => status === 'filled')
  return (
    <>
      <Tabs
        label="Orders and account"
        prefix="orders"
        tabs={tabs}
        value={tab}
        onChange={setTab}
        className="border-b border-line-strong"
      />
      <ScrollArea label="Orders and account">
        <TabPanel prefix="orders" id={tab}>
          {tab === 'orders' && <OrderList {...{ orders, placing, cancelling, closed }} />}
          {tab === 'fills' && <Fills filled={filled} />}
          {tab === 'history' && <History version={filled[0]?.id ?? ''} />}
          {tab !== 'history' && older}
        </TabPanel>
      </ScrollArea>
    </>
  )
}

/** The filled orders, with their fill prices. */
function Fills({ filled }: { filled: readonly WireOrder[] }) {
  if (filled.length === 0) return <p className="py-4 text-ui text-ink-2">No fills yet.</p>
  return (
    <Table label="Fills" className="dense-cells">
      <thead>
        <tr>
          <Head>Time</Head>
          <Head>Order</Head>
          <Head figure>Price, €</Head>
          <Head figure>Value, €</Head>
        </tr>
      </thead>
      <tbody>
        {filled.map((order) => (
          <Row key={order.id}>
            <Cell>
              <Time at={order.endedAt ?? order.createdAt} />
            </Cell>
            <Cell className="whitespace-nowrap">
              <OrderWords ticket={order} />
            </Cell>
            <Cell figure>{formatAmount(order.priceMinor ?? 0)}</Cell>
            <Cell figure>{formatAmount((order.priceMinor ?? 0) * order.filledQuantity)}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

type OrderListProps = {
  orders: readonly WireOrder[]
  placing: Placing
  cancelling: Cancelling
  closed: boolean
}

/** Orders being sent from here, then all others, newest first. */
function OrderList({ orders, placing, cancelling, closed }: OrderListProps) {
  if (orders.length === 0 && placing.sent.length === 0) {
    return (
      <p className="py-4 text-ui text-ink-2">
        No open orders. Limit orders you place appear here until they fill.
      </p>
    )
  }
  return (
    <Table label="Orders" className="dense-cells">
      <thead>
        <tr>
          <Head>Time</Head>
          <Head>Order</Head>
          <Head figure>Limit, €</Head>
          <Head figure>State</Head>
          <Head figure>
            <span className="sr-only">Time to acknowledge, or what to do</span>
          </Head>
        </tr>
      </thead>
      <tbody>
        {placing.sent.map((sent) => (
          <SentRow key={sent.key} sent={sent} placing={placing} closed={closed} />
        ))}
        {orders.map((order) => (
          <OrderRow
            key={order.id}
            order={order}
            ackMs={placing.ackMs.get(order.clientOrderId)}
            cancelState={cancelling.stateOf(order.id)}
            onCancel={() => void cancelling.cancel(order.id)}
            closed={closed}
          />
        ))}
      </tbody>
    </Table>
  )
}

/** An order sent from here: pending, refused, or unconfirmed. */
function SentRow({ sent, placing, closed }: { sent: SentOrder; placing: Placing; closed: boolean }) {
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
            label="Dismiss the refused order"
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
