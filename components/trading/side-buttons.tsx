'use client'
import type { Side } from '#server/protocol/trading.ts'
import { WayMark } from './way-mark.tsx'

const look = 'flex h-11 flex-1 items-center justify-center gap-3 rounded border bg-bg text-body'

/** Buy and sell at the foot of a phone; each opens the ticket. */
export function SideButtons({ onOpen }: { onOpen: (side: Side) => void }) {
  return (
    <div className="trading-buttons">
      <button type="button" className={`${look} border-up text-up`} onClick={() => onOpen('buy')}>
        <WayMark way="up" /> Buy
      </button>
      <button type="button" className={`${look} border-danger text-danger`} onClick={() => onOpen('sell')}>
        <WayMark way="down" /> Sell
      </button>
    </div>
  )
}
