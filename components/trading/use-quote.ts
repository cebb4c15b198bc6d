'use client'
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { WireQuotePrice } from '#server/protocol/trading.ts'
import type { PriceBoard, Trade } from './price-board.ts'

/** The latest prices of one symbol; what uses it is rendered at most once a frame. */
export function useQuote(board: PriceBoard, symbol: string): WireQuotePrice | undefined {
  const watch = useCallback((changed: () => void) => board.watch(symbol, changed), [board, symbol])
  const read = () => board.quote(symbol)
  return useSyncExternalStore(watch, read, read)
}

/** The prices of the latest minutes, anew at most once a second. */
export function useRecent(board: PriceBoard, symbol: string): readonly number[] {
  return useSlowly(board, symbol, 1_000, () => [...board.recent(symbol)])
}

/** The latest trades, newest first, at most ten times a second; `number` counts them, so that each stays itself. */
export function useTrades(board: PriceBoard, symbol: string): readonly (Trade & { number: number })[] {
  return useSlowly(board, symbol, 100, () => {
    const { latest, count } = board.trades(symbol)
    return latest.map((trade, n) => ({ ...trade, number: count - latest.length + n })).reverse()
  })
}

/** What `read` gives, read again when the symbol has moved, but not sooner than after `everyMs`. */
function useSlowly<Value>(board: PriceBoard, symbol: string, everyMs: number, read: () => Value): Value {
  const [value, setValue] = useState(read)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` is made anew by each render and reads only these
  useEffect(() => {
    setValue(read)
    let readAtMs = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const readNow = () => {
      timer = undefined
      readAtMs = performance.now()
      setValue(read)
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
  }, [board, symbol, everyMs])
  return value
}
