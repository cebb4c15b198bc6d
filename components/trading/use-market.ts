'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { SocketLine } from '#components/live/socket-line.ts'
import type { WireInstrument } from '#server/protocol/trading.ts'
import { createPriceBoard, type PriceBoard } from './price-board.ts'
import { createPriceFlow, type PriceFlow } from './price-flow.ts'

export type Market = {
  board: PriceBoard
  flow: PriceFlow
  /** Prices have come over the line; until then the board shows what was stored. */
  heard: boolean
  /** When the latest came here, in epoch ms by this machine's clock. */
  heardAtMs: () => number | undefined
}

/** The prices of all instruments as they come over the line; none are asked for while nobody can see them. */
export function useMarket(line: SocketLine, instruments: readonly WireInstrument[]): Market {
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
