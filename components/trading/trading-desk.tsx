'use client'
import { useState } from 'react'
import type { LineView, SocketLine } from '#components/live/socket-line.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { formatMoney } from '#components/ui/format.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import type { Side, WireInstrument } from '#server/protocol/trading.ts'
import { InstrumentHead } from './instrument-head.tsx'
import { OrderTicket } from './order-ticket.tsx'
import { Orders } from './orders.tsx'
import { Positions } from './positions.tsx'
import { PriceChart } from './price-chart.tsx'
import { PriceFlowPanel } from './price-flow-panel.tsx'
import { QuoteBox } from './quote-box.tsx'
import { ShowMore } from './show-more.tsx'
import { SideButtons } from './side-buttons.tsx'
import { Tape } from './tape.tsx'
import { TicketDialog } from './ticket-dialog.tsx'
import type { TradingStart } from './trading-page.tsx'
import type { Chosen } from './use-chosen.ts'
import { useDesk } from './use-desk.ts'
import { Watchlist } from './watchlist.tsx'

type TradingDeskProps = {
  initial: TradingStart
  line: SocketLine
  view: LineView
  chosen: Chosen
  choose: (changes: Partial<Chosen>) => void
  instrument: WireInstrument
}
const tabs = [
  { id: 'watch', label: 'Watch' },
  { id: 'tape', label: 'Tape' },
  { id: 'positions', label: 'Positions' },
  { id: 'orders', label: 'Orders' },
] as const

/** Watchlist, chart, positions and orders, ticket and tape: three columns, or tabs where there is no room for them. */
export function TradingDesk({ initial, line, view, chosen, choose, instrument }: TradingDeskProps) {
  const { symbol, interval } = chosen
  const [tab, setTab] = useState<(typeof tabs)[number]['id']>('watch')
  const [sheet, setSheet] = useState(false)
  const desk = useDesk(line, view, initial, instrument)
  const { board, account, placing, ticket, staleSinceMs, closed } = desk
  const cash = formatMoney(account.cashMinor, 'EUR')
  const chooseSymbol = (next: string) => choose({ symbol: next })
  const order = {
    ...{ instrument, board, ticket, placing, closed },
    cashMinor: account.cashMinor,
    freeShares: desk.freeShares,
  }
  const openSheet = (side: Side) => {
    ticket.choose(side)
    setSheet(true)
  }
  return (
    <>
      <PhoneTitle back="/" backLabel="Home" title={symbol} />
      <h1 className="sr-only">Trading</h1>
      <div className="trading" data-tab={tab} data-stale={staleSinceMs !== undefined || undefined}>
        <section id="trading-panel-watch" className="trading-watch" aria-label="Watchlist">
          <Watchlist
            instruments={initial.instruments}
            board={board}
            chosen={symbol}
            onChoose={chooseSymbol}
          />
          <div className="trading-flow">
            <PriceFlowPanel flow={desk.flow} />
          </div>
        </section>
        <section className="trading-main" aria-label="Chart">
          <InstrumentHead
            {...{ instrument, board, staleSinceMs, interval }}
            onInterval={(next) => choose({ interval: next })}
          />
          <PriceChart
            key={`${symbol} ${interval}`}
            {...{ symbol, interval, board }}
            initial={isChosen(initial.chosen, chosen) ? initial.candles : undefined}
            limits={desk.limits}
          />
        </section>
        <div className="trading-tabs">
          <Tabs label="More of trading" prefix="trading" tabs={tabs} value={tab} onChange={setTab} />
        </div>
        <section id="trading-panel-positions" className="trading-positions" aria-label="Positions">
          <Positions
            positions={account.positions}
            realisedMinor={account.realisedMinor}
            board={board}
            onChoose={chooseSymbol}
          />
        </section>
        <section id="trading-panel-orders" className="trading-orders" aria-label="Orders">
          <Orders
            placing={placing}
            cancelling={desk.cancelling}
            orders={account.orders}
            closed={closed !== undefined}
            older={
              <ShowMore
                what="orders"
                more={account.ordersBefore !== null}
                loading={account.loading}
                trouble={account.trouble}
                onMore={() => void account.showOlder()}
              />
            }
          />
        </section>
        <div className="trading-side">
          <section className="trading-ticket" aria-label="Ticket">
            <SectionHead title="Order" note={`cash ${cash}`} className="mb-3.5 min-h-11" />
            <OrderTicket {...order} />
          </section>
          <section className="trading-quote" aria-label="Bid and ask">
            <QuoteBox board={board} symbol={symbol} />
          </section>
          <section id="trading-panel-tape" className="trading-tape" aria-label="Tape">
            <Tape key={symbol} board={board} symbol={symbol} />
          </section>
        </div>
        <SideButtons onOpen={openSheet} />
      </div>
      {sheet && <TicketDialog {...order} cash={cash} onClose={() => setSheet(false)} />}
    </>
  )
}

function isChosen(a: Chosen, b: Chosen): boolean {
  return a.symbol === b.symbol && a.interval === b.interval
}
