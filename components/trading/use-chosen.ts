'use client'
import { useCallback, useState } from 'react'
import type { CandleInterval } from '#server/protocol/trading.ts'

export type Chosen = { symbol: string; interval: CandleInterval }

/** The selected instrument and interval; also in the URL, so that a reload or a link shows the same. */
export function useChosen(initial: Chosen) {
  const [chosen, setChosen] = useState(initial)
  const choose = useCallback(
    (changes: Partial<Chosen>) => {
      const next = { ...chosen, ...changes }
      setChosen(next)
      window.history.replaceState(null, '', `/trading?${new URLSearchParams(next)}`)
    },
    [chosen],
  )
  return [chosen, choose] as const
}
