import { formatAmount } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireOrder } from '#server/protocol/trading.ts'
import { OrderWords } from './order-row.tsx'

/** The orders that were filled, with the price that they were filled at. */
export function Fills({ filled }: { filled: readonly WireOrder[] }) {
  if (filled.length === 0) return <p className="py-4 text-ui text-ink-2">Nothing has been filled yet.</p>
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
