'use client'
import { useEffect, useRef, useState } from 'react'

/** So many pages are read, looking for a message, before it is given up. */
const mostPages = 50

type Aim = {
  /** The seqs that are here, oldest first. */
  oldest: number | undefined
  more: boolean
  loading: boolean
  showOlder: () => void
  show: (seq: number) => boolean
}

/** Leads to a message, through as many older pages as that takes. `first` is where the address leads. */
export function useAim(first: number | undefined, { oldest, more, loading, showOlder, show }: Aim) {
  const [aimedAt, setAimedAt] = useState(first)
  const [round, setRound] = useState(0)
  const pages = useRef(0)
  const reached = useRef<number>(undefined)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the same message may be aimed at again
  useEffect(() => {
    pages.current = 0
    reached.current = undefined
  }, [aimedAt, round])
  useEffect(() => {
    if (aimedAt === undefined || reached.current === aimedAt || loading) return
    if (show(aimedAt)) {
      reached.current = aimedAt
      return
    }
    const further = more && oldest !== undefined && aimedAt < oldest && pages.current < mostPages
    if (!further) return
    pages.current += 1
    showOlder()
  })
  return {
    aimedAt,
    aim(seq: number) {
      setAimedAt(seq)
      setRound((before) => before + 1)
    },
  }
}
