'use client'

import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ConnectionView } from '#components/live/connection.ts'
import type { SharedSocket } from '#components/live/shared-socket.ts'
import { type Command, usePageCommands } from '#components/shell/palette/page-commands.ts'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { formatMoney } from '#components/ui/format.ts'
import { isTyping } from '#components/ui/is-typing.ts'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import type {
  Side,
  WireAccount,
  WireCandleList,
  WireInstrument,
  WireOrderList,
} from '#server/protocol/trading.ts'
import { freeShares } from './account-state.ts'
import { PriceChart } from './chart/price-chart.tsx'
import { DirectionMark } from './direction-mark.tsx'
import { InstrumentHead } from './instrument-head.tsx'
import { OrderTicket } from './order-ticket.tsx'
import { Orders } from './orders.tsx'
import { Positions } from './positions.tsx'
import { createPriceBoard, type PriceBoard } from './price-board.ts'
import { createPriceFlow, type PriceFlow } from './price-flow.ts'
import { PriceFlowPanel } from './price-flow-panel.tsx'
import { ShowMore } from './show-more.tsx'
import { Tape } from './tape.tsx'
import { QuoteBox, TicketDialog } from './ticket-dialog.tsx'
import { useAccount } from './use-account.ts'
import type { Chosen } from './use-chosen.ts'
import { currentOutcome, useCancelling, usePlacing } from './use-placing.ts'
import { closedBecause, useStale } from './use-stale.ts'
import { useTicket } from './use-ticket.ts'
import { Watchlist } from './watchlist.tsx'

type TradingDeskProps = {
  initial: TradingStart
  line: SharedSocket
  view: ConnectionView
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
  usePageCommands(() => [
    { group: 'This page', title: `Buy ${symbol}`, keys: 'b', run: () => ticket.choose('buy') },
    { group: 'This page', title: `Sell ${symbol}`, keys: 's', run: () => ticket.choose('sell') },
    ...initial.instruments.map(
      (one): Command => ({
        group: 'Symbols',
        title: `${one.symbol} · ${one.name}`,
        run: () => chooseSymbol(one.symbol),
      }),
    ),
  ])
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
          <Tabs label="More trading panels" prefix="trading" tabs={tabs} value={tab} onChange={setTab} />
        </div>
        <section id="trading-panel-positions" className="trading-positions @container" aria-label="Positions">
          <Positions
            positions={account.positions}
            realisedMinor={account.realisedMinor}
            board={board}
            onChoose={chooseSymbol}
          />
        </section>
        <section id="trading-panel-orders" className="trading-orders @container" aria-label="Orders">
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
          <section className="trading-ticket" aria-label="Order ticket">
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

const look = 'flex h-11 flex-1 items-center justify-center gap-3 rounded border bg-bg text-body'

/** Buy and sell buttons at the bottom of a phone; each opens the ticket. */
function SideButtons({ onOpen }: { onOpen: (side: Side) => void }) {
  return (
    <div className="trading-buttons">
      <button type="button" className={`${look} border-up text-up`} onClick={() => onOpen('buy')}>
        <DirectionMark way="up" /> Buy
      </button>
      <button type="button" className={`${look} border-danger text-danger`} onClick={() => onOpen('sell')}>
        <DirectionMark way="down" /> Sell
      </button>
    </div>
  )
}

/** The desk's live state: prices, account, pending orders, and the ticket for the selected instrument. */
function useDesk(
  line: SharedSocket,
  view: ConnectionView,
  initial: TradingStart,
  instrument: WireInstrument,
) {
  const { symbol } = instrument
  const { board, flow, heard, heardAtMs } = useMarket(line, initial.instruments)
  const placing = usePlacing(line, (order) => account.put(order))
  const account = useAccount(line, initial, placing.settle)
  const cancelling = useCancelling(line, account.put)
  const ticket = useTicket(instrument, board, placing.place)
  useSideKeys(ticket.choose)
  const staleSinceMs = useStale(heardAtMs, view.state, view.offlineSinceMs)
  const { orders } = account
  return {
    ...{ board, flow, account, cancelling, ticket, staleSinceMs },
    placing: { ...placing, outcome: currentOutcome(placing.outcome, orders, symbol) },
    /** Why nothing can be sent now; undefined if it can. */
    closed: closedBecause(view.state, { heard, stale: staleSinceMs !== undefined }),
    /** The working limits on the selected symbol. */
    limits: useMemo(
      () => orders.filter((one) => one.status === 'working' && one.symbol === symbol),
      [orders, symbol],
    ),
    freeShares: freeShares(account, symbol),
  }
}

const sides: Record<string, Side | undefined> = { b: 'buy', s: 'sell' }

/** `b` and `s` select the side unless the reader is typing. */
function useSideKeys(choose: (side: Side) => void) {
  const latest = useRef(choose)
  useEffect(() => {
    latest.current = choose
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const side = sides[event.key]
      if (!side || event.ctrlKey || event.metaKey || event.altKey) return
      if (isTyping(event.target)) return
      event.preventDefault()
      latest.current(side)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

type Market = {
  board: PriceBoard
  flow: PriceFlow
  /** Whether prices have arrived over the connection; until then the board shows stored ones. */
  heard: boolean
  /** When the latest arrived, in epoch ms of this machine's clock. */
  heardAtMs: () => number | undefined
}

/** The prices of all instruments, live; not subscribed to while the page is hidden. */
function useMarket(line: SharedSocket, instruments: readonly WireInstrument[]): Market {
  const [heard, setHeard] = useState(false)
  const lastMs = useRef<number>(undefined)
  const [market] = useState(() => ({
    board: createPriceBoard(instruments, (paint) => void requestAnimationFrame(paint)),
    flow: createPriceFlow(Date.now()),
  }))
  useEffect(() => {
    const symbols = instruments.map(({ symbol }) => symbol)
    if (symbols.length === 0) return
    const watching = line.watchPrices(symbols, (event) => {
      lastMs.current = Date.now()
      market.flow.count(event.ticks.length, lastMs.current)
      market.board.hear(event)
      setHeard(true)
    })
    return () => watching.stop()
  }, [line, instruments, market])
  return { ...market, heard, heardAtMs: useCallback(() => lastMs.current, []) }
}

/** What the page was rendered with. */
export type TradingStart = {
  instruments: readonly WireInstrument[]
  account: WireAccount
  orders: WireOrderList
  chosen: Chosen
  candles: WireCandleList
}
