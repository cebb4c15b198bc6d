'use client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ask } from '#components/live/ask.ts'
import { browserClock } from '#components/live/clock.ts'
import { pageRecorder } from '#components/wire/page-recorder.ts'
import type { Problem } from '#server/protocol/protocol.ts'
import type { CandleInterval, WireCandleList } from '#server/protocol/trading.ts'
import { type Candles, withNewest, withOlder } from './candles.ts'

const wire = { fetch: pageRecorder.fetch, clock: browserClock }

/** The stored candles of a symbol; `initial` are those that the page was made with. Use one per symbol and interval. */
export function useCandles(symbol: string, interval: CandleInterval, initial: WireCandleList | undefined) {
  const [candles, setCandles] = useState<Candles | undefined>(initial)
  const [trouble, setTrouble] = useState<Problem | 'unanswered'>()
  const asking = useRef(false)
  const gone = useRef<AbortController>(null)
  useEffect(() => {
    const controller = new AbortController()
    gone.current = controller
    return () => controller.abort()
  }, [])

  const read = useCallback(
    async (before: string | undefined, take: (list: WireCandleList) => void) => {
      if (asking.current || !gone.current) return
      asking.current = true
      const query = new URLSearchParams({ interval, ...(before !== undefined && { before }) })
      const url = `/api/instruments/${symbol}/candles?${query}`
      const answer = await ask<WireCandleList>({ url }, 0, wire, gone.current.signal)
      asking.current = false
      if (answer.type === 'interrupted') return
      if (answer.type === 'news') {
        setTrouble(undefined)
        take(answer.value)
      } else setTrouble(('problem' in answer && answer.problem) || 'unanswered')
    },
    [symbol, interval],
  )

  /** Reads the newest again: the server saw every tick, this page only the last of each batch. */
  const refresh = useCallback(
    () => read(undefined, (list) => setCandles((known) => (known ? withNewest(known, list) : list))),
    [read],
  )
  const nextBefore = candles?.nextBefore ?? null
  const showOlder = useCallback(() => {
    if (nextBefore === null) return
    void read(nextBefore, (list) => setCandles((known) => known && withOlder(known, list)))
  }, [read, nextBefore])
  useEffect(() => {
    if (!initial) void refresh()
  }, [initial, refresh])

  return { candles, trouble, refresh, showOlder }
}
