'use client'
import { useEffect, useState } from 'react'
import { tabStorage } from '#components/live/browser-features.ts'
import { noteSeen, type SeenTimes } from './seen-times.ts'

/** When this tab first saw each of the lines `keys`; empty until the browser has looked. */
export function useSeenTimes(loanId: string, keys: readonly string[]): SeenTimes {
  const [seen, setSeen] = useState<SeenTimes>({})
  const joined = keys.join(' ')
  useEffect(() => {
    setSeen(noteSeen(tabStorage, loanId, joined.split(' '), Date.now()))
  }, [loanId, joined])
  return seen
}
