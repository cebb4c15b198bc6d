'use client'
import { useCallback, useSyncExternalStore } from 'react'
import { classes } from '#components/ui/classes.ts'
import { formatAmount, formatCount, missing } from '#components/ui/format.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { WirePosition } from '#server/protocol/trading.ts'
import { directionColor } from './direction-mark.tsx'
import { LivePrice } from './live-change.tsx'
import { signedAmount } from './order-words.ts'
import { directionOf, type PriceBoard } from './price-board.ts'
import { ScrollArea } from './scroll-area.tsx'
import { useQuote } from './use-quote.ts'

/** Beside the orders of a small desktop there is room only for the holdings and their profit. */
const whereWide = '@max-[340px]:hidden'

type PositionsProps = {
  positions: readonly WirePosition[]
  board: PriceBoard
  realisedMinor: number
  onChoose: (symbol: string) => void
}

/** Holdings, what they cost, and what they would sell for now. */
export function Positions({ positions, board, realisedMinor, onChoose }: PositionsProps) {
  return (
    <>
      <SectionHead title="Positions" />
      <ScrollArea label="Positions and cash">
        {positions.length === 0 ? (
          <p className="py-4 text-ui text-ink-2">No positions yet. Shares you buy appear here.</p>
        ) : (
          <Table label="Positions" className="dense-cells">
            <thead>
              <tr>
                <Head>Symbol</Head>
                <Head figure>Quantity</Head>
                <Head figure className={whereWide}>
                  Average
                </Head>
                <Head figure className={whereWide}>
                  Last
                </Head>
                <Head figure>Profit, €</Head>
              </tr>
            </thead>
            <tbody>
              {positions.map((position) => (
                <PositionRow key={position.symbol} position={position} board={board} onChoose={onChoose} />
              ))}
              <Row>
                <Cell className="font-semibold">Total</Cell>
                <Cell />
                <Cell className={whereWide} />
                <Cell className={whereWide} />
                <Cell figure className="font-semibold">
                  <TotalProfit positions={positions} board={board} />
                </Cell>
              </Row>
            </tbody>
          </Table>
        )}
        {realisedMinor !== 0 && (
          <p className="flex justify-between py-2 text-ui text-ink-2">
            Realized profit <Profit minor={realisedMinor} />
          </p>
        )}
      </ScrollArea>
    </>
  )
}

type PositionRowProps = { position: WirePosition; board: PriceBoard; onChoose: (symbol: string) => void }

function PositionRow({ position, board, onChoose }: PositionRowProps) {
  const { symbol, quantity, costMinor } = position
  return (
    <Row>
      <Cell>
        <button type="button" className="font-semibold hover:underline" onClick={() => onChoose(symbol)}>
          {symbol}
        </button>
      </Cell>
      <Cell figure>{formatCount(quantity)}</Cell>
      <Cell figure className={whereWide}>
        {formatAmount(Math.round(costMinor / quantity))}
      </Cell>
      <Cell figure className={whereWide}>
        <LivePrice board={board} symbol={symbol} />
      </Cell>
      <Cell figure>
        <LiveProfit position={position} board={board} />
      </Cell>
    </Row>
  )
}

function LiveProfit({ position, board }: { position: WirePosition; board: PriceBoard }) {
  const quote = useQuote(board, position.symbol)
  return quote ? <Profit minor={quote.lastMinor * position.quantity - position.costMinor} /> : missing
}

function TotalProfit({ positions, board }: { positions: readonly WirePosition[]; board: PriceBoard }) {
  const watch = useCallback(
    (changed: () => void) => {
      const stops = positions.map(({ symbol }) => board.watch(symbol, changed))
      return () => {
        for (const stop of stops) stop()
      }
    },
    [positions, board],
  )
  const read = () =>
    positions.reduce(
      (sum, { symbol, quantity, costMinor }) =>
        sum + (board.quote(symbol)?.lastMinor ?? 0) * quantity - costMinor,
      0,
    )
  return <Profit minor={useSyncExternalStore(watch, read, read)} />
}

/** A signed amount, in the colour of its direction. */
function Profit({ minor }: { minor: number }) {
  return (
    <span className={classes('type-data', directionColor[directionOf(minor)])}>{signedAmount(minor)}</span>
  )
}
