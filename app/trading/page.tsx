import type { Metadata } from 'next'
import { Suspense } from 'react'
import { RenderedFor } from '#components/shell/rendered-for.tsx'
import { TradingPage } from '#components/trading/trading-page.tsx'
import { TradingSkeleton } from '#components/trading/trading-skeleton.tsx'
import { accountFor, candlesOf, instrumentsNow, ordersFor } from '#server/pages.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { candleIntervals } from '#server/protocol/trading.ts'
import { signedIn } from '../loans/signed-in.ts'

export const metadata: Metadata = { title: 'Trading' }

type TradingProps = { searchParams: Promise<Record<string, string | string[] | undefined>> }

/** The trading desk: prices, orders and the account; live from when they were read. */
export default async function Trading({ searchParams }: TradingProps) {
  const viewer = await signedIn('/trading')
  return (
    <Suspense fallback={<TradingSkeleton />}>
      <Desk viewer={viewer} wanted={await searchParams} />
    </Suspense>
  )
}

async function Desk({ viewer, wanted }: { viewer: Viewer; wanted: Awaited<TradingProps['searchParams']> }) {
  const instruments = await instrumentsNow()
  const symbol = (instruments.find((one) => one.symbol === wanted.symbol) ?? instruments[0])?.symbol ?? ''
  const interval = candleIntervals.find((one) => one === wanted.interval) ?? '5m'
  // The orders last: an order placed meanwhile also arrives on the stream, which continues from the account.
  const [candles, account] = await Promise.all([candlesOf(symbol, interval), accountFor(viewer)])
  const orders = await ordersFor(viewer)
  return (
    <>
      <RenderedFor viewer={viewer} />
      <TradingPage
        key={viewer.id}
        initial={{ instruments, account, orders, candles, chosen: { symbol, interval } }}
      />
    </>
  )
}
