'use client'
import { useEffect, useState } from 'react'

/** The time in epoch ms, updated every `everyMs` while `running`; undefined on the server and in the first render. */
export function useNow(everyMs: number, running = true): number | undefined {
  const [nowMs, setNowMs] = useState<number>()
  useEffect(() => {
    setNowMs(Date.now())
    if (!running) return
    const timer = setInterval(() => setNowMs(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, running])
  return nowMs
}
