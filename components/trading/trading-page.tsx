'use client'

import { LaneDrawing } from '#components/lane/lane-drawing.tsx'
import { useSocket, useSocketView } from '#components/live/use-socket.tsx'
import { SessionEnded } from '#components/shell/poll-trouble.tsx'
import { useLineShell } from '#components/shell/use-line-shell.ts'
import { ButtonLink } from '#components/ui/button.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import type { TradingStart } from './trading-desk.tsx'
import { TradingDesk } from './trading-desk.tsx'
import { useChosen } from './use-chosen.ts'

/** The trading desk over this tab's socket; without instruments it says that there is nothing to trade. */
export function TradingPage({ initial }: { initial: TradingStart }) {
  const line = useSocket()
  const view = useSocketView(line)
  const [chosen, choose] = useChosen(initial.chosen)
  useLineShell(view, {
    tryNow: line.tryNow,
    promise: 'Orders aren’t queued. Place them once you’re back online.',
  })
  if (view.state === 'signed-out') return <SessionEnded mode="ws" back="/trading" />
  const instrument = initial.instruments.find(({ symbol }) => symbol === chosen.symbol)
  if (!instrument) return <NoMarket />
  return <TradingDesk {...{ initial, line, view, chosen, choose, instrument }} />
}

/** For when no instrument has a price yet. */
function NoMarket() {
  return (
    <div className="page-x pt-8 pb-16 md:pt-12">
      <StateBlock
        level={1}
        drawing={<LaneDrawing kind="ws" look="hollow" />}
        title="No prices yet"
        actions={<ButtonLink href="/trading">Check again</ButtonLink>}
      >
        You can’t place orders until the first prices arrive.
      </StateBlock>
    </div>
  )
}
