'use client'
import { useEffect, useState } from 'react'
import { type FiguresFound, readFigures } from './read-figures.ts'

export type FiguresView = { found: FiguresFound | undefined; readAgain: () => void }

/** The figures that the guide goes by, undefined until they are here; read again when the line comes back. */
export function useFigures(): FiguresView {
  const [found, setFound] = useState<FiguresFound>()
  const [round, setRound] = useState(0)
  const readAgain = () => setRound((before) => before + 1)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `round` is how they are read again
  useEffect(() => {
    const left = new AbortController()
    void readFigures(left.signal).then((now) => {
      if (left.signal.aborted) return
      // What is known stays, when it cannot be read again.
      setFound((before) =>
        now.type === 'failed' && before && before.type !== 'none' ? { ...before, ...now } : now,
      )
    })
    return () => left.abort()
  }, [round])

  useEffect(() => {
    window.addEventListener('online', readAgain)
    return () => window.removeEventListener('online', readAgain)
  })
  return { found, readAgain }
}
