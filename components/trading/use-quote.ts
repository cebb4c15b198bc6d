'use client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { WireQuotePrice } from '#server/protocol/trading.ts'
import type { PriceBoard, Trade } from './price-board.ts'

/** The latest prices of one symbol; re-renders at most once a frame. */
export function useQuote(board: PriceBoard, symbol: string): WireQuotePrice | undefined {
  const watch = useCallback((changed: () => void) => board.watch(symbol, changed), [board, symbol])
  const read = () => board.quote(symbol)
  return useSyncExternalStore(watch, read, read)
}

/** The prices of recent minutes, updated at most once a second. */
export function useRecent(board: PriceBoard, symbol: string): readonly number[] {
  return useSlowly(board, symbol, 1_000, recentOf)
}

/** `number` counts a symbol's trades, so that each keeps its identity in a moving list. */
type NumberedTrade = Trade & { number: number }

/** The latest trades, newest first, at most ten times a second. */
export function useTrades(board: PriceBoard, symbol: string): readonly NumberedTrade[] {
  return useSlowly(board, symbol, 100, numberedTrades)
}

/** The result of `read`, reread when the symbol has changed, at most once every `everyMs`. */
function useSlowly<Value>(
  board: PriceBoard,
  symbol: string,
  everyMs: number,
  read: (board: PriceBoard, symbol: string) => Value,
): Value {
  const [value, setValue] = useState(() => read(board, symbol))
  useEffect(() => {
    setValue(read(board, symbol))
    let readAtMs = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const readNow = () => {
      timer = undefined
      readAtMs = performance.now()
      setValue(read(board, symbol))
    }
    const unwatch = board.watch(symbol, () => {
      if (timer) return
      const earlyMs = readAtMs + everyMs - performance.now()
      if (earlyMs <= 0) readNow()
      else timer = setTimeout(readNow, earlyMs)
    })
    return () => {
      unwatch()
      clearTimeout(timer)
    }
  }, [board, symbol, everyMs, read])
  return value
}

function recentOf(board: PriceBoard, symbol: string): readonly number[] {
  return [...board.recent(symbol)]
}

function numberedTrades(board: PriceBoard, symbol: string): readonly NumberedTrade[] {
  const { latest, count } = board.trades(symbol)
  return latest.map((trade, n) => ({ ...trade, number: count - latest.length + n })).reverse()
}
