'use client'
import { useEffect, useState } from 'react'

export type Readiness = 'unknown' | 'ready' | 'away' | 'unreachable'

const everyMs = 3_000

/** Whether the server and its database are there, asked of `/readyz` every 3 s while the tab is seen. */
export function useReadiness(): Readiness {
  const [readiness, setReadiness] = useState<Readiness>('unknown')
  useEffect(() => {
    const left = new AbortController()
    const look = async () => {
      if (document.hidden) return
      const found = await ask(left.signal)
      if (!left.signal.aborted) setReadiness(found)
    }
    void look()
    const timer = setInterval(look, everyMs)
    return () => {
      clearInterval(timer)
      left.abort()
    }
  }, [])
  return readiness
}

async function ask(signal: AbortSignal): Promise<Readiness> {
  try {
    const { ok } = await fetch('/readyz', { cache: 'no-store', signal })
    return ok ? 'ready' : 'away'
  } catch {
    // No answer at all is an answer here.
    return 'unreachable'
  }
}
