'use client'
import { formatAmount, formatCount } from '#components/ui/format.ts'
import type { TimeStyle } from '#components/ui/format-time.ts'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { WireMovement } from '#server/protocol/trading.ts'
import { signedAmount } from './order-words.ts'
import { ShowMore } from './show-more.tsx'
import { useHistory } from './use-history.ts'

const dayMs = 86_400_000

/** What has moved the cash, with what it came to; read again whenever `version` changes. */
export function History({ version }: { version: string }) {
  const history = useHistory(version)
  return (
    <>
      {history.items ? (
        <Table label="Account history" className="dense-cells">
          <thead>
            <tr>
              <Head>Time</Head>
              <Head>What</Head>
              <Head figure>Amount, €</Head>
              <Head figure>Cash, €</Head>
            </tr>
          </thead>
          <tbody>
            {history.items.map((movement) => (
              <Row key={movement.id}>
                <Cell className="whitespace-nowrap">
                  <Time at={movement.at} style={timeStyle(movement.at)} />
                </Cell>
                <Cell className="whitespace-nowrap">{movementWords(movement)}</Cell>
                <Cell figure>{signedAmount(movement.amountMinor)}</Cell>
                <Cell figure>{formatAmount(movement.balanceMinor)}</Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      ) : (
        !history.trouble && <SkeletonRows rows={3} label="Reading the account’s history" className="" />
      )}
      <ShowMore
        what="movements"
        more={history.more}
        loading={history.loading}
        trouble={history.trouble}
        onMore={history.showOlder}
      />
    </>
  )
}

/** What happened lately by the clock, what is older by its day. */
function timeStyle(at: string): TimeStyle {
  return Date.now() - Date.parse(at) < dayMs ? 'second' : 'day'
}

function movementWords({ kind, quantity, symbol, priceMinor }: WireMovement): string {
  if (kind === 'opening') return 'Account opened'
  const shares = quantity === undefined ? '' : ` ${formatCount(quantity)} ${symbol ?? ''}`
  const at = priceMinor === undefined ? '' : ` at ${formatAmount(priceMinor)}`
  return `${kind === 'buy' ? 'Bought' : 'Sold'}${shares}${at}`
}
