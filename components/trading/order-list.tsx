'use client'
import { Head, Table } from '#components/ui/table.tsx'
import type { WireOrder } from '#server/protocol/trading.ts'
import { OrderRow } from './order-row.tsx'
import { SentRow } from './sent-row.tsx'
import type { Cancelling } from './use-cancelling.ts'
import type { Placing } from './use-placing.ts'

type OrderListProps = {
  orders: readonly WireOrder[]
  placing: Placing
  cancelling: Cancelling
  closed: boolean
}

/** Orders that are under way from here, then all others, newest first. */
export function OrderList({ orders, placing, cancelling, closed }: OrderListProps) {
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
